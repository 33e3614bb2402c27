/*
 * What happened, told to whoever listens: the one way in which verbs and jobs speak to the streams.  An event has ids only; a
 * stream loads what they mean, for each viewer, through service/visibility.h.  doc/design/streams.md
 *
 * Events are hints for people who look now.  They are not stored, nobody waits for them, and none can fail: what must not be lost
 * is a row.  Each process gives them to its own hub; the bridge (hub/bridge.h) takes them to others.
 */
#ifndef SERVICE_EVENT_H
#define SERVICE_EVENT_H

#include "base/ctx.h"
#include "base/page.h"
#include "model/status.h"

/*
 * X(id, word): the words are those of the client API, except "logins", which stays inside; "relationship" and "settings_changed" are
 * our own and go to a channel of their own.
 */
#define EVENT_LIST(X)                                                                                                  \
    X(UPDATE, "update")                               /* id: a status; readers: in these homes */                      \
    X(STATUS_UPDATE, "status.update")                 /* the same, edited */                                           \
    X(DELETE, "delete")                               /* id: a status that is gone; topics, tags, readers */           \
    X(NOTIFICATION, "notification")                   /* id: of account_id */                                          \
    X(NOTIFICATIONS_MERGED, "notifications_merged")   /* account_id */                                                 \
    X(FILTERS_CHANGED, "filters_changed")             /* account_id */                                                 \
    X(CONVERSATION, "conversation")                   /* id: of account_id */                                          \
    X(ANNOUNCEMENT, "announcement")                   /* id */                                                         \
    X(ANNOUNCEMENT_REACTION, "announcement.reaction") /* id, name, count */                                            \
    X(ANNOUNCEMENT_DELETE, "announcement.delete")     /* id */                                                         \
    X(RELATIONSHIP, "relationship")                   /* account_id; id: whom they stand to otherwise than before */   \
    X(SETTINGS_CHANGED, "settings_changed")           /* account_id: what the web client keeps */                      \
    X(LOGINS, "logins")                               /* tokens, users or accounts ended: streams look again */

enum event_kind {
#define X(id, word) EVENT_##id,
    EVENT_LIST(X)
#undef X
        EVENT_COUNT
};
extern const char *const event_names[]; /* NULL-terminated */

enum { EVENT_READERS_MAX = 1000 }; /* of one event; more go in portions */

struct event {
    enum event_kind kind;
    int64_t id;
    int64_t account_id; /* whose; of a status its author */
    bool whole;         /* of a status: also for the streams that are nobody's own (public, hashtags, lists) */
    struct ids readers, tags;
    struct strs topics;
    struct str name;
    int64_t count;
};

/*
 * Publish.  Inside a write transaction it waits for the commit, and a rollback forgets it; else at once.  Everything is copied.
 * Any thread.  The other functions are this one with the right members.
 */
void service_event(struct ctx *c, const struct event *e);

/* Jobs: a status is in these homes; `whole` in one call for each status. */
void service_event_home(struct ctx *c, const struct status *s, const struct ids *readers, bool whole);
/* s filled, before its row is deleted. */
void service_event_deleted(struct ctx *c, const struct status *s);
/* kind: NOTIFICATION, CONVERSATION, RELATIONSHIP (id), NOTIFICATIONS_MERGED, FILTERS_CHANGED, SETTINGS_CHANGED (0). */
void service_event_account(struct ctx *c, enum event_kind kind, int64_t account_id, int64_t id);
/* A token, session, user or account ended or lost its rights: streams that live on it end at once. */
void service_event_logins(struct ctx *c);

/* ---- for the streams ------------------------------------------------------------------------------------------------ */

#define EVENT_TOPIC S("event") /* of the hub */

/* From the hub's bytes.  INVALID: not an event (of another version, over a bridge). */
NODISCARD enum err service_event_read(struct arena *mem, struct str bytes, struct event *out);

/*
 * The streams of everybody that a status belongs to: "public", "public:local", "public:remote", each with ":media" when it has
 * files, "hashtag:NAME", "hashtag:local:NAME".  The rules of the public and hashtag timelines (store/status_page.c).
 */
struct strs service_event_topics(struct arena *mem, const struct status *s);

#endif
