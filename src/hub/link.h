/* What carries frames between processes: inside hub/ only.  One thread owns a link; calls may block for some seconds. */
#ifndef HUB_LINK_H
#define HUB_LINK_H

#include "base/err.h"
#include "base/str.h"

struct db;

struct link_target {
    struct str bus;  /* redis://… or unix:/path; empty: the database */
    struct str name; /* of the server: several share one broker */
    struct db *db;   /* NULL with a broker */
};

enum { LINK_WHY_MAX = 200 };

typedef void (*link_fn)(void *arg, struct str frame);

struct link_kind {
    const char *name;
    size_t frame_max;   /* bytes */
    bool answers_bring; /* frames come with the answers to a send too, so take after it: fd does not tell */
    /* From when it returns OK on, everything is heard.  BUSY with a sentence in why. */
    enum err (*open)(const struct link_target *t, void **out, char why[LINK_WHY_MAX]);
    int (*fd)(void *link);
    /* In order.  BUSY: the link is of no use any more, and some may have been sent. */
    enum err (*send)(void *link, const struct str *frames, size_t n);
    enum err (*take)(void *link, link_fn fn, void *arg);
    void (*close)(void *link);
};

extern const struct link_kind link_redis, link_postgres;

#endif
