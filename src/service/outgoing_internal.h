/* What the builders of outgoing activities share. */
#ifndef SERVICE_OUTGOING_INTERNAL_H
#define SERVICE_OUTGOING_INTERNAL_H

#include "ap/uri.h"
#include "ap/write_activity.h"
#include "model/status.h"
#include "service/outgoing.h"

struct build {
    const struct fed_action *a;
    int64_t number;
    struct ap_site site;
    struct account *by, *target; /* target NULL: none, or gone */
    struct status *s;            /* filled; NULL: none, or gone */
    struct str content;          /* of a Like: an emoji, or :shortcode: with its picture */
    const struct ap_emoji_out *emoji;
    struct ap_activity_out act; /* type, id and object are the builder's; actor is set */
    struct outgoing *out;
};

struct strs outgoing_one(struct ctx *c, struct str id);
/* With the account and the number of the activity. */
struct str outgoing_uri(struct ctx *c, const struct build *b, enum ap_uri_kind kind);
void outgoing_address(struct build *b, struct strs to, struct strs cc);
/* The bytes. */
enum err outgoing_finish(struct ctx *c, struct build *b);
/* Between two people: to the personal inbox of the other. */
enum err outgoing_finish_to_target(struct ctx *c, struct build *b);

/* ---- outgoing_account.c ---------------------------------------------------------------------------------------- */

enum err outgoing_actor_update(struct ctx *c, struct build *b);
enum err outgoing_actor_keys(struct ctx *c, struct build *b);
enum err outgoing_actor_delete(struct ctx *c, struct build *b);
enum err outgoing_move(struct ctx *c, struct build *b);
enum err outgoing_pin(struct ctx *c, struct build *b);
enum err outgoing_unpin(struct ctx *c, struct build *b);
enum err outgoing_feature_tag(struct ctx *c, struct build *b);
enum err outgoing_unfeature_tag(struct ctx *c, struct build *b);

/* ---- outgoing_consent.c ---------------------------------------------------------------------------------------- */

enum err outgoing_quote_request(struct ctx *c, struct build *b);
enum err outgoing_quote_accept(struct ctx *c, struct build *b);
enum err outgoing_quote_reject(struct ctx *c, struct build *b);
enum err outgoing_quote_revoke(struct ctx *c, struct build *b);
enum err outgoing_quote_update(struct ctx *c, struct build *b);
enum err outgoing_collection_add(struct ctx *c, struct build *b);
enum err outgoing_collection_update(struct ctx *c, struct build *b);
enum err outgoing_collection_remove(struct ctx *c, struct build *b);
enum err outgoing_item_add(struct ctx *c, struct build *b);
enum err outgoing_item_remove(struct ctx *c, struct build *b);
enum err outgoing_feature_request(struct ctx *c, struct build *b);
enum err outgoing_feature_accept(struct ctx *c, struct build *b);
enum err outgoing_feature_reject(struct ctx *c, struct build *b);
enum err outgoing_feature_revoke(struct ctx *c, struct build *b);

/* ---- outgoing_interaction.c ------------------------------------------------------------------------------------ */

enum err outgoing_like_request(struct ctx *c, struct build *b);
enum err outgoing_reply_request(struct ctx *c, struct build *b);
enum err outgoing_announce_request(struct ctx *c, struct build *b);
enum err outgoing_interaction_accept(struct ctx *c, struct build *b);
enum err outgoing_interaction_reject(struct ctx *c, struct build *b);

#endif
