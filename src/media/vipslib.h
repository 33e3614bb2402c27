/*
 * libvips, opened at run time: the server never maps its hundred libraries, only the media child does.  The functions are called
 * through `V`, with the types of the real declarations.
 */
#ifndef MEDIA_VIPSLIB_H
#define MEDIA_VIPSLIB_H

#include "base/def.h"

#include <vips/vips.h>

#define VIPS_FUNCTIONS(X)                                                                                              \
    X(vips_init)                                                                                                       \
    X(vips_concurrency_set)                                                                                            \
    X(vips_cache_set_max)                                                                                              \
    X(vips_operation_block_set)                                                                                        \
    X(vips_operation_new)                                                                                              \
    X(vips_error_buffer)                                                                                               \
    X(vips_error_clear)                                                                                                \
    X(vips_jpegload_buffer)                                                                                            \
    X(vips_pngload_buffer)                                                                                             \
    X(vips_webpload_buffer)                                                                                            \
    X(vips_gifload_buffer)                                                                                             \
    X(vips_heifload_buffer)                                                                                            \
    X(vips_jpegsave_buffer)                                                                                            \
    X(vips_pngsave_buffer)                                                                                             \
    X(vips_webpsave_buffer)                                                                                            \
    X(vips_gifsave_buffer)                                                                                             \
    X(vips_thumbnail_image)                                                                                            \
    X(vips_extract_area)                                                                                               \
    X(vips_flatten)                                                                                                    \
    X(vips_colourspace)                                                                                                \
    X(vips_cast)                                                                                                       \
    X(vips_copy)                                                                                                       \
    X(vips_image_copy_memory)                                                                                          \
    X(vips_image_write_to_memory)                                                                                      \
    X(vips_image_get_width)                                                                                            \
    X(vips_image_get_height)                                                                                           \
    X(vips_image_get_bands)                                                                                            \
    X(vips_image_get_format)                                                                                           \
    X(vips_image_get_interpretation)                                                                                   \
    X(vips_image_get_orientation)                                                                                      \
    X(vips_image_get_page_height)                                                                                      \
    X(vips_image_get_fields)                                                                                           \
    X(vips_image_get_typeof)                                                                                           \
    X(vips_image_get_array_int)                                                                                        \
    X(vips_image_hasalpha)                                                                                             \
    X(vips_image_remove)                                                                                               \
    X(vips_image_set_int)                                                                                              \
    X(vips_image_get_int)                                                                                              \
    X(vips_image_set_array_int)                                                                                        \
    X(vips_image_new_from_memory)                                                                                      \
    X(g_object_unref)                                                                                                  \
    X(g_strfreev)                                                                                                      \
    X(g_free)

struct vips_functions {
#define X(name) __typeof__(&(name)) name;
    VIPS_FUNCTIONS(X)
#undef X
};

extern struct vips_functions V;

/* Open and initialise; single-threaded, and no thread is started.  NULL, or what is missing. */
const char *vipslib_open(void);

#endif
