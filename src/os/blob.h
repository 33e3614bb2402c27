/*
 * Immutable bytes shared by several threads, with a count of their owners: an event rendered once and sent to many.
 */
#ifndef OS_BLOB_H
#define OS_BLOB_H

#include "base/str.h"

struct blob {
    _Atomic unsigned refs;
    size_t n;
    char p[];
};

/* Copies bytes; one reference for the caller. */
NODISCARD struct blob *blob_new(struct str bytes);
/* n bytes to be filled by the caller before anybody else sees the blob. */
NODISCARD struct blob *blob_new_n(size_t n);
/* Any thread.  blob_unref accepts NULL and frees with the last reference. */
struct blob *blob_ref(struct blob *b);
void blob_unref(struct blob *b);
struct str blob_str(const struct blob *b);

#endif
