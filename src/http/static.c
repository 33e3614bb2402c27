/* Embedded files: an index by name with the tag of each, made once at start. */
#include "http/static.h"

#include "base/arena.h"
#include "base/buf.h"
#include "http/respond.h"

#include <stdlib.h>
#include <string.h>

struct entry {
    const struct static_file *file;
    struct str name;
    char tag[2 * sizeof(uint64_t) + 1];
};

struct static_files {
    size_t n;
    struct entry entries[];
};

static const struct {
    const char *suffix, *type;
} types[] = {
    { ".avif", "image/avif" },
    { ".css", "text/css; charset=utf-8" },
    { ".gif", "image/gif" },
    { ".html", "text/html; charset=utf-8" },
    { ".ico", "image/x-icon" },
    { ".jpeg", "image/jpeg" },
    { ".jpg", "image/jpeg" },
    { ".js", "text/javascript; charset=utf-8" },
    { ".json", "application/json; charset=utf-8" },
    { ".map", "application/json; charset=utf-8" },
    { ".mjs", "text/javascript; charset=utf-8" },
    { ".mp3", "audio/mpeg" },
    { ".oga", "audio/ogg" },
    { ".ogg", "audio/ogg" },
    { ".png", "image/png" },
    { ".svg", "image/svg+xml" },
    { ".txt", "text/plain; charset=utf-8" },
    { ".wasm", "application/wasm" },
    { ".webmanifest", "application/manifest+json" },
    { ".webp", "image/webp" },
    { ".woff2", "font/woff2" },
    { ".xml", "application/xml; charset=utf-8" },
};

struct str
static_content_type(struct str name)
{
    for (size_t i = 0; i < lengthof(types); i++)
        if (str_ends(name, str_z(types[i].suffix)))
            return str_z(types[i].type);
    return S("application/octet-stream");
}

static int
by_name(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;

    return str_cmp(x->name, y->name);
}

struct static_files *
static_new(const struct static_file *files, size_t n)
{
    static const uint64_t key[2] = { 1, 2 };
    struct static_files *s = malloc(sizeof(*s) + n * sizeof(s->entries[0]));

    if (s == NULL)
        BUG("out of memory");
    s->n = n;
    for (size_t i = 0; i < n; i++) {
        s->entries[i] = (struct entry){ .file = &files[i], .name = str_z(files[i].name) };
        snprintf(s->entries[i].tag, sizeof(s->entries[i].tag), "%016llx",
            (unsigned long long)str_hash_keyed(files[i].bytes, key));
    }
    qsort(s->entries, n, sizeof(s->entries[0]), by_name);
    for (size_t i = 1; i < n; i++)
        if (str_eq(s->entries[i - 1].name, s->entries[i].name))
            BUG("two embedded files are named %s", s->entries[i].file->name);
    return s;
}

void
static_free(struct static_files *s)
{
    free(s);
}

static const struct entry *
find(const struct static_files *s, struct str name)
{
    struct entry key = { .name = name };

    return bsearch(&key, s->entries, s->n, sizeof(s->entries[0]), by_name);
}

const struct static_file *
static_find(const struct static_files *s, struct str name)
{
    const struct entry *e = find(s, name);

    return e == NULL ? NULL : e->file;
}

/* "gzip, br;q=0.9": is the coding named, and not with q=0? */
static bool
accepts_brotli(struct str list)
{
    struct str item, coding;

    while (str_cut(&list, ',', &item)) {
        if (!str_cut(&item, ';', &coding) || !str_eqi(str_trim(coding), S("br")))
            continue;
        item = str_trim(item);
        return !str_eqz(item, "q=0") && !str_starts(item, S("q=0.0"));
    }
    return false;
}

enum err
static_serve(struct ctx *c, struct req *r, const struct static_files *s, struct str name)
{
    const struct entry *e = find(s, name);
    bool brotli;
    struct str tag;

    if (e == NULL)
        return ctx_fail(c, ERR_NOT_FOUND, "no embedded file");
    brotli = e->file->brotli.n > 0 && accepts_brotli(req_header(c, r, S("Accept-Encoding")));
    tag = str_cat(c->mem, str_z(e->tag), brotli ? S("-br") : S(""), STR_NONE); /* another body, another strong tag */
    res_header(
        c, r, "Cache-Control", e->file->immutable ? S("public, max-age=31536000, immutable") : S("public, no-cache"));
    if (e->file->brotli.n > 0)
        res_header(c, r, "Vary", S("Accept-Encoding"));
    if (res_not_modified(c, r, tag))
        return ERR_OK;
    if (brotli)
        res_header(c, r, "Content-Encoding", S("br"));
    res_text(c, r, 200, static_content_type(name), brotli ? e->file->brotli : e->file->bytes);
    return ERR_OK;
}
