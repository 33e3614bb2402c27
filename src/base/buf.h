/*
 * Growing byte buffer with a mandatory maximum.  When the maximum is passed, `full` sticks and writes are dropped, so
 * that a writer reads like its output and asks once at the end.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/str.h"

struct buf {
    char *p;
    size_t n, cap, max;
    struct arena *mem;
    bool full;
};

/* Empty; takes memory from the arena when written.  max in bytes, > 0. */
void buf_init(struct buf *b, struct arena *a, size_t max);
/*
 * Room for n bytes at the end, to be written at once: the writer adds what it wrote to b->n.  NULL when they would pass the maximum;
 * that does not make the buffer full, as the writer may need less.
 */
char *buf_reserve(struct buf *b, size_t n);
void buf_put(struct buf *b, struct str s);
void buf_putc(struct buf *b, char c);
void buf_putz(struct buf *b, const char *z);
void buf_putf(struct buf *b, const char *fmt, ...) PRINTF(2, 3);
void buf_put_int(struct buf *b, int64_t v);
void buf_put_hex(struct buf *b, struct str bytes); /* lower-case hex of each byte */
/* Code point as UTF-8; an invalid one becomes U+FFFD. */
void buf_put_utf8(struct buf *b, uint32_t cp);
/* True when nothing was dropped. */
bool buf_ok(const struct buf *b);
struct str buf_str(const struct buf *b);
void buf_clear(struct buf *b);

#endif
