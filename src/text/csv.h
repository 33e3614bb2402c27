/* Comma separated values (RFC 4180): lists that people take from one server to another.  Pure; any thread. */
#ifndef TEXT_CSV_H
#define TEXT_CSV_H

#include "base/buf.h"
#include "base/str.h"

enum { CSV_CELLS_MAX = 16 };

struct csv_row {
    struct str v[CSV_CELLS_MAX];
    size_t n;
};

/*
 * Take one row off the front of *rest; false at the end.  Lines end with LF or CR LF; empty lines are left out.  A cell in quotation
 * marks may hold commas, line ends and doubled quotation marks; it is decoded into a.  Cells beyond CSV_CELLS_MAX are dropped.  What
 * breaks the rules is read as it stands: a stray quotation mark is text, a quotation without an end reaches to the end of the text.
 */
bool csv_next(struct arena *a, struct str *rest, struct csv_row *out);
/* Without the byte order mark that spreadsheets put in front. */
struct str csv_begin(struct str text);

/* One row with CR LF at its end; quoted where it must be. */
void csv_put(struct buf *b, const struct str *cells, size_t n);

#endif
