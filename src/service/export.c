/* Exports. */
#include "service/exchange.h"

#include "service/exchange_internal.h"
#include "text/csv.h"

enum { PORTION = 2000 };

const struct exchange_columns exchange_columns[KIND_COUNT] = {
    [KIND_FOLLOWING] = { { "Account address", "Show boosts", "Notify on new posts", "Languages" }, true },
    [KIND_BLOCKS] = { { "Account address" }, false },
    [KIND_MUTES] = { { "Account address", "Hide notifications" }, true },
    [KIND_DOMAIN_BLOCKS] = { { "#domain" }, false },
    [KIND_BOOKMARKS] = { { "#uri" }, false },
    [KIND_LISTS] = { { "List name", "Account address" }, false },
    [KIND_FOLLOWERS] = { { "Account address" }, false },
};

static size_t
columns(enum list_kind kind, struct str *out)
{
    size_t n = 0;

    while (exchange_columns[kind].names[n] != NULL) {
        out[n] = str_z(exchange_columns[kind].names[n]);
        n++;
    }
    return n;
}

/* "de fr" is "de, fr" in the file. */
static struct str
with_commas(struct arena *mem, struct str words)
{
    struct str word;
    struct buf b;

    buf_init(&b, mem, 4096);
    while (str_cut(&words, ' ', &word)) {
        if (b.n > 0)
            buf_put(&b, S(", "));
        buf_put(&b, word);
    }
    return buf_str(&b);
}

enum err
service_export(struct ctx *c, enum list_kind kind, struct str *csv)
{
    struct str head[EXPORT_CELLS];
    size_t width = columns(kind, head), n;
    struct export_row *rows;
    int64_t after = 0;
    struct buf b;

    buf_init(&b, c->mem, EXPORT_BYTES_MAX);
    if (exchange_columns[kind].has_head)
        csv_put(&b, head, width);
    do {
        TRY(store_export_page(c, kind, c->who.account_id, after, PORTION, &rows, &n));
        for (size_t i = 0; i < n; i++) {
            if (kind == KIND_FOLLOWING)
                rows[i].cells[3] = with_commas(c->mem, rows[i].cells[3]);
            csv_put(&b, rows[i].cells, width);
            after = rows[i].id;
        }
    } while (n == PORTION);
    if (b.full)
        return ctx_fail(c, ERR_TOO_LARGE, "export of %s", list_kind_names[kind]);
    *csv = buf_str(&b);
    return ERR_OK;
}
