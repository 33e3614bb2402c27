/*
 * Who may see what, written a second time: a few people here and elsewhere, what stands between them, and their posts; and the verbs,
 * which change the model and the database alike.  The model knows nothing of the database.
 */
#ifndef SERVICE_VISIBILITY_MODEL_TEST_H
#define SERVICE_VISIBILITY_MODEL_TEST_H

#include "base/ctx.h"
#include "model/account.h"
#include "model/status.h"

enum { OURS = 4, PEOPLE = 7, SERVERS = 3, NOBODY = PEOPLE, POSTS_MAX = 24 };

extern const int model_home_of[PEOPLE]; /* the server of each; 0 is this one */

struct post {
    int64_t id;
    struct str uri;
    int author, parent, original; /* posts; -1: none */
    enum visibility visibility;
    bool mentions[PEOPLE], local_only, gone;
};

struct model {
    struct ctx *c;
    struct arena *mem; /* of one history */
    uint64_t seed;
    int number;
    bool follows[PEOPLE][PEOPLE], blocks[PEOPLE][PEOPLE], mutes[PEOPLE][PEOPLE], shuts[PEOPLE][SERVERS];
    bool suspended[PEOPLE], silenced[PEOPLE];
    struct account *people[PEOPLE];
    struct post posts[POSTS_MAX];
    int n;
    int wrong, seen, hidden;
};
extern struct model model;

bool model_is_ours(int who);
/* 0 for NOBODY. */
int64_t model_viewer_id(int viewer);
/* model.c acts as one of ours. */
void model_act_as(int who);
void model_add_person(int who);
/* Something happens, by chance. */
void model_step(void);

/* May the viewer, or NOBODY, see it at all; and does a timeline show it to him. */
bool model_sees(int viewer, const struct post *p);
bool model_wants(int viewer, const struct post *p, bool is_public);
/* What answers a post that was deleted is the beginning of a thread. */
bool model_is_above(const struct post *above, const struct post *p);

#endif
