/* See vipslib.h.  Whatever reads a file or loads a plug-in must happen here, before the box closes. */
#include "media/vipslib.h"

#include <dlfcn.h>

struct vips_functions V;

/* The major version of the library's interface: the same in Debian 12 and 13. */
static const char vips_name[] = "libvips.so.42";

static const char *const operations[] = { "jpegload_buffer", "pngload_buffer", "webpload_buffer", "gifload_buffer",
    "heifload_buffer", "jpegsave_buffer", "pngsave_buffer", "webpsave_buffer", "gifsave_buffer", "thumbnail_image",
    "extract_area", "flatten", "colourspace", "cast", "copy", "resize", "reduceh", "reducev", "shrinkh", "shrinkv",
    "premultiply", "unpremultiply", "icc_import", "icc_export", "icc_transform", "autorot", "rot", "sequential",
    "tilecache", "linecache" };

static const char *const loaders[] = { "VipsForeignLoadJpegBuffer", "VipsForeignLoadPngBuffer",
    "VipsForeignLoadWebpBuffer", "VipsForeignLoadNsgifBuffer", "VipsForeignLoadHeifBuffer" };

/* libheif looks for its codec plug-ins in a directory when first used (Debian 13). */
static void
open_heif(void)
{
    void *h = dlopen("libheif.so.1", RTLD_NOW);
    struct {
        int code, sub;
        const char *text;
    } (*init)(void *);

    if (h == NULL)
        return;
    *(void **)&init = dlsym(h, "heif_init"); /* since 1.14 */
    if (init != NULL)
        (void)init(NULL);
}

const char *
vipslib_open(void)
{
    void *h = dlopen(vips_name, RTLD_NOW);

    if (h == NULL)
        return vips_name;
#define X(name)                                                                                                        \
    if ((*(void **)&V.name = dlsym(h, #name)) == NULL)                                                                 \
        return #name;
    VIPS_FUNCTIONS(X)
#undef X
    if (V.vips_init("dassie") != 0)
        return "vips_init";
    V.vips_concurrency_set(1);
    V.vips_cache_set_max(0);
    /* We name loaders ourselves; this keeps libvips from ever choosing another one by looking at the bytes. */
    V.vips_operation_block_set("VipsForeignLoad", TRUE);
    for (size_t i = 0; i < lengthof(loaders); i++)
        V.vips_operation_block_set(loaders[i], FALSE);
    open_heif();
    /* Registering a class takes longer than using it: once here instead of in each worker. */
    for (size_t i = 0; i < lengthof(operations); i++) {
        VipsOperation *op = V.vips_operation_new(operations[i]);

        if (op != NULL)
            V.g_object_unref(op);
    }
    V.vips_error_clear();
    return NULL;
}
