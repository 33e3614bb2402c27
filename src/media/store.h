/*
 * Where media files live.  A key is "<32 hex digits>.<ext>": 128 random bits, so that a file nobody was told of cannot be guessed,
 * and a type from the allow-list, so that nothing is ever served as what its owner would like it to be.  Keys are what the
 * database remembers; the place behind them (a directory here) is known to this file only.
 *
 * A file appears under its key whole and on disk, or not at all; it never changes afterwards, so that it may be cached for ever.
 * Any thread; no state but the directory, so that several servers may share one.
 */
#ifndef MEDIA_STORE_H
#define MEDIA_STORE_H

#include "base/err.h"
#include "media/probe.h"

enum {
    MEDIA_KEY_BYTES_MAX = 32 + 1 + 4,
    MEDIA_TMP_AGE_MS = 24 * 60 * 60 * 1000,
    MEDIA_WAIT_AGE_MS = 7 * 24 * 60 * 60 * 1000,
};

struct media_store;

/* spec: "dir:PATH"; made when missing, left-overs of crashes (MEDIA_TMP_AGE_MS, MEDIA_WAIT_AGE_MS) removed.  Lives in a.  Errors: INVALID (spec),
 * INTERNAL with a sentence in *why (in a) when not NULL. */
NODISCARD enum err media_store_open(struct arena *a, struct str spec, struct str *why, struct media_store **out);
void media_store_close(struct media_store *s); /* NULL is fine */

/* A file being written.  Every begin is ended by commit or abort; abort after either is harmless. */
struct media_put {
    int fd; /* read and write, offset 0; -1 when ended */
    char name[40];
};

NODISCARD enum err media_store_begin(struct media_store *s, struct media_put *out);
/* Durable under a new key when this returns; *out_key in a, *out_bytes its size (may be NULL).  Errors: INTERNAL, e.g. disk full. */
NODISCARD enum err media_store_commit(struct media_store *s, struct media_put *p, enum media_type t, struct arena *a,
    struct str *out_key, int64_t *out_bytes);
void media_store_abort(struct media_store *s, struct media_put *p);

struct media_file {
    int fd; /* the caller closes it */
    int64_t bytes;
    int64_t modified_ms;
    enum media_type type;
};

/* Open for reading.  Errors: NOT_FOUND, also for what is no key; INTERNAL. */
NODISCARD enum err media_store_get(struct media_store *s, struct str key, struct media_file *out);
/* Gone when this returns; one that was not there is fine.  Errors: NOT_FOUND for what is no key; INTERNAL. */
NODISCARD enum err media_store_delete(struct media_store *s, struct str key);

/*
 * Uploads as they came, until a job has decoded them.  Their keys are "<32 hex digits>.wait": no media_key_valid, so that
 * media_store_get, and with it the web, knows nothing of them.  media_store_delete takes both kinds.
 */
/* Durable when this returns; *out_key in a.  Errors: INTERNAL, e.g. disk full. */
NODISCARD enum err media_store_wait(struct media_store *s, struct str bytes, struct arena *a, struct str *out_key);
/*
 * The same for a file that was written with media_store_begin and that only its owner may have; ends p, as commit does.  It is gone after
 * MEDIA_WAIT_AGE_MS at the latest.
 */
NODISCARD enum err media_store_keep(
    struct media_store *s, struct media_put *p, struct arena *a, struct str *out_key, int64_t *out_bytes);
/* Open for reading; the caller closes *out_fd.  Errors: NOT_FOUND, also for what is no such key; INTERNAL. */
NODISCARD enum err media_store_waiting(struct media_store *s, struct str key, int *out_fd);

bool media_key_valid(struct str key);
/* "/media/<key>"; empty for an empty key.  The key is valid or this is a bug. */
struct str media_store_url(struct arena *a, struct str key);

/*
 * Every stored file of one of the 256 shards, which the first two hex digits of a key name, in no order, until fn returns false: for the
 * sweeper of files without a row.  Files that appear or go meanwhile may be seen or not.
 */
NODISCARD enum err media_store_walk_shard(struct media_store *s, unsigned shard,
    bool (*fn)(void *arg, struct str key, int64_t bytes, int64_t modified_ms), void *arg);
/* When the file was last opened by media_store_get, to ten minutes; kept with the file, so that no read writes to the database.
 * Errors: NOT_FOUND, INTERNAL. */
NODISCARD enum err media_store_used(struct media_store *s, struct str key, int64_t *used_ms);

#endif
