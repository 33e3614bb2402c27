/* Characters that turn the direction of text (U+202A to 202E, U+2066 to 2069): what is open at the end of a line is closed. */
#include "text/internal.h"

void
html_turn_note(struct html_turn *t, struct buf *out)
{
    const char *p = out->n < 3 ? "   " : out->p + out->n - 3;
    unsigned char last = (unsigned char)p[2];
    bool embedding = memcmp(p, "\xe2\x80", 2) == 0 && last >= 0xaa && last <= 0xae;
    bool isolate = memcmp(p, "\xe2\x81", 2) == 0 && last >= 0xa6 && last <= 0xa9;
    int *open = embedding ? &t->embeddings : &t->isolates, change = last == 0xac || last == 0xa9 ? -1 : 1;

    if (!embedding && !isolate)
        return;
    if (*open + change < 0 || (t->embeddings + t->isolates + change) * 3 > HTML_TURN_BYTES_MAX)
        out->n -= 3;
    else
        *open += change;
}

void
html_turn_close(struct html_turn *t, struct buf *out)
{
    for (; t->isolates > 0; t->isolates--)
        buf_putz(out, "\xe2\x81\xa9");
    for (; t->embeddings > 0; t->embeddings--)
        buf_putz(out, "\xe2\x80\xac");
}
