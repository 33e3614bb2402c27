/*
 * Immutable bytes shared by several threads, with a reference count: an event rendered once and sent to many streams.
 * Any thread may ref, unref and read.
 */
#ifndef BASE_BLOB_H
#define BASE_BLOB_H

#include "base/str.h"

struct blob;

/* A copy of the bytes with one reference, which the caller owns.  Never NULL: aborts when memory is out. */
NODISCARD struct blob *blob_new(struct str bytes) __attribute__((returns_nonnull));
/* The same from several pieces one after the other, e.g. a frame header and its payload. */
NODISCARD struct blob *blob_new_parts(const struct str *parts, size_t n) __attribute__((returns_nonnull));
/* One more reference; returns b. */
struct blob *blob_ref(struct blob *b) __attribute__((returns_nonnull));
/* One less; the last one frees.  Accepts NULL. */
void blob_unref(struct blob *b);
/* Valid while the caller holds a reference.  The bytes are followed by a NUL. */
struct str blob_str(const struct blob *b);

#endif
