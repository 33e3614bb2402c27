/* What a server says about itself: Instance, V1::Instance, Rule, Preferences. */
#ifndef VIEW_INSTANCE_H
#define VIEW_INSTANCE_H

#include "base/json.h"
#include "model/instance.h"
#include "model/status.h"

struct ctx;

void view_instance(struct ctx *c, struct json *j, const struct instance_info *v);
void view_instance_v1(struct ctx *c, struct json *j, const struct instance_info *v);
/* A campaign as Mastodon passes it on: texts and the address where to give. */
void view_donation(struct ctx *c, struct json *j, const struct instance_info *v);
/* TermsOfService. */
void view_terms(struct ctx *c, struct json *j, const struct terms *t);
void view_rules(struct json *j, const char *key, const struct rules *v);
/* The Mastodon version whose API clients find here, then our name and version. */
struct str view_version(void);

/* Servers that are blocked here, those that are suspended first. */
void view_published_blocks(struct json *j, const struct published_blocks *v);
/* Every language that a post may be written in. */
void view_languages(struct json *j);

#endif
