/* Small things that the stores share: lists kept as JSON text in a column, and cursor pages. */
#ifndef STORE_INTERNAL_H
#define STORE_INTERNAL_H

#include "base/page.h"
#include "db/db.h"

/* ["a","b"] to a list and back.  Text that is not such a list gives an empty one: it is ours, so that is a bug in the data. */
struct strs column_strs(struct arena *mem, struct str json_text);
struct str column_put_strs(struct arena *mem, const struct strs *v);
/* [1,2] likewise. */
struct ids column_ids(struct arena *mem, struct str json_text);
struct str column_put_ids(struct arena *mem, const struct ids *v);

/*
 * Cursor pages.  Statements come in pairs: `down` is WHERE id < $1 AND id > $2 … ORDER BY id DESC, `up` is WHERE id > $2 AND
 * id < $1 … ORDER BY id ASC; page_bounds gives both numbers, page_is_up says which statement to run, and rows of `up` are
 * turned round so that every answer is newest first.
 * PAGE and PAGE_UP are such a pair over a table whose cursor is `id`; `where` uses $4.
 */
#define PAGE(cols, table, where)                                                                                       \
    SQL("SELECT " cols " FROM " table " WHERE " where " AND id < $1 AND id > $2 ORDER BY id DESC LIMIT $3")
#define PAGE_UP(cols, table, where)                                                                                    \
    SQL("SELECT " cols " FROM " table " WHERE " where " AND id < $1 AND id > $2 ORDER BY id ASC LIMIT $3")
void page_bounds(const struct page *p, int64_t *below, int64_t *above);
bool page_is_up(const struct page *p);
#define PAGE_REVERSE(p, v, n, T)                                                                                       \
    do {                                                                                                               \
        if (page_is_up(p))                                                                                             \
            for (size_t rev_i = 0; rev_i + rev_i + 1 < (n); rev_i++) {                                                 \
                T rev_t = (v)[rev_i];                                                                                  \
                (v)[rev_i] = (v)[(n)-1 - rev_i];                                                                       \
                (v)[(n)-1 - rev_i] = rev_t;                                                                            \
            }                                                                                                          \
    } while (0)

/* All rows to the list *out of T, each as read gives it. */
#define ROWS_READ(mem, rows, T, read, out)                                                                             \
    do {                                                                                                               \
        (out)->v = arena_vec(mem, T, (rows)->n);                                                                       \
        (out)->n = (rows)->n;                                                                                          \
        for (size_t row_i = 0; row_i < (rows)->n; row_i++)                                                             \
            (out)->v[row_i] = (read)(&(rows)->v[row_i]);                                                               \
    } while (0)

struct cursor_ids;
struct db_rows;
/* Rows of one text to a list of texts; of one id to a list of ids, without 0. */
void rows_strs(struct arena *mem, const struct db_rows *r, struct strs *out);
struct ids rows_ids(struct arena *mem, const struct db_rows *r);
/* Rows of (id, cursor, …) to a page of cursors. */
NODISCARD enum err store_cursor_ids(
    struct ctx *c, const struct page *p, const struct db_rows *r, struct cursor_ids *out);

#endif
