/*
 * Who listens to what: subscriptions by topic, in a hash table.  Owned by one thread, the streams'.
 */
#ifndef STREAM_TOPICS_H
#define STREAM_TOPICS_H

#include "base/str.h"

struct client;

/* One subscription: in its topic's list and in its client's. */
struct sub {
    struct sub *prev, *next; /* of the topic */
    struct sub *of_client;
    struct topic *topic;
    struct client *client;
    int channel;             /* enum channel_id; -1: the client itself */
    bool with_notifications; /* channel "user" of a token that may read them */
    size_t name_n;
    char name[]; /* as frames say it: ["user"] */
};

struct topic {
    struct topic *next; /* in its bucket */
    uint64_t hash;
    struct sub *subs;
    size_t n;
    size_t name_n;
    char name[];
};

struct topics {
    struct topic **buckets;
    size_t n_buckets, n;
};

/* NULL when nobody listens. */
struct topic *topics_find(const struct topics *t, struct str name);
/* Put sub, whose other members are set, at the front of the topic. */
void topics_join(struct topics *t, struct str name, struct sub *sub);
void topics_leave(struct topics *t, struct sub *sub);
/* Each topic, in no order; fn changes nothing. */
void topics_each(const struct topics *t, void (*fn)(void *arg, const struct topic *topic), void *arg);
/* Nobody may be left. */
void topics_free(struct topics *t);

#endif
