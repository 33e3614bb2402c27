/*
 * Entities of the client API as JSON, one function each, in the order of Mastodon's documentation (docs.joinmastodon.org/entities).  No I/O: what
 * they show was filled before.  key as in base/json.h.
 */
#ifndef VIEW_VIEW_H
#define VIEW_VIEW_H

#include "base/json.h"
#include "model/announcement.h"
#include "model/annual_report.h"
#include "model/app.h"
#include "model/async_refresh.h"
#include "model/collection.h"
#include "model/exchange.h"
#include "model/delivery.h"
#include "model/invite.h"
#include "model/bookmark.h"
#include "model/conversation.h"
#include "model/list.h"
#include "model/login.h"
#include "model/notification.h"
#include "model/post.h"
#include "model/push.h"
#include "model/relation.h"
#include "model/translation.h"
#include "model/suggestion.h"
#include "model/passkey.h"
#include "model/user.h"

struct ctx;

/* URLs of what we serve.  A storage key to its URL; the fallback path (of a static file) when empty. */
struct str view_url_file(struct ctx *c, struct str key, struct str fallback);
/* A remote picture: the file when it is here, else the address that fetches it; never the other server's. */
struct str view_url_cached(struct ctx *c, enum media_cached kind, int64_t id, struct str key, bool small);
struct str view_url_account(struct ctx *c, const struct account *a);
struct str view_url_status(struct ctx *c, const struct status *s);
struct str view_url_tag(struct ctx *c, struct str name);
struct str view_url_collection(struct ctx *c, const struct collection *v); /* of others empty when they have no page */

void view_account(struct ctx *c, struct json *j, const char *key, const struct account *a);
/* Of the picture, or of the one for those without. */
struct str view_url_avatar(struct ctx *c, const struct account *a);
/* Only the members about the avatar. */
void view_account_avatar(struct ctx *c, struct json *j, const struct account *a);
void view_accounts(struct ctx *c, struct json *j, const char *key, const struct accounts *v);
/* CredentialAccount: with source and role. */
void view_credential_account(
    struct ctx *c, struct json *j, const struct account *a, const struct user *u, int64_t follow_requests);
/* Profile: as its owner edits it. */
void view_profile(struct ctx *c, struct json *j, const struct account *a, const struct featured_tags *tags);
/* MutedAccount. */
void view_muted_account(struct ctx *c, struct json *j, const struct account *a, int64_t expires_ms);
void view_relationship(struct ctx *c, struct json *j, const struct relation *r);
void view_emojis(struct ctx *c, struct json *j, const char *key, const struct emoji_refs *v);
void view_media(struct ctx *c, struct json *j, const struct media_row *m);
/* FilterResult[] */
void view_filter_matches(struct json *j, const char *key, const struct filter_matches *v);
void view_filter(struct json *j, const struct filter *f);
void view_filter_keyword(struct json *j, const struct filter_keyword *k);
void view_filter_status(struct json *j, const struct filter_status *s);
/* V1::Filter of one keyword. */
void view_filter_v1(struct json *j, const struct filter *f, size_t keyword);
void view_status(struct ctx *c, struct json *j, const char *key, const struct status *s);
void view_statuses(struct ctx *c, struct json *j, const char *key, const struct statuses *v);
/* The poll that the status asks; s->poll is not NULL. */
void view_poll(struct ctx *c, struct json *j, const char *key, const struct status *s);
/* ScheduledStatus with the rest of its thread and what went wrong; a draft; deliveries of a post by host. */
void view_scheduled(struct ctx *c, struct json *j, const struct draft_row *d);
void view_draft(struct ctx *c, struct json *j, const struct draft_row *d);
void view_deliveries(struct json *j, const struct host_reports *v);
/* With `text` for redrafting. */
void view_status_source_form(struct ctx *c, struct json *j, const struct status *s);
void view_status_source(struct ctx *c, struct json *j, const struct status *s);
void view_status_edits(struct ctx *c, struct json *j, const struct status *s, const struct status_edits *v);
/* The members of a Reaction; `me` only when there is a viewer. */
void view_reaction_members(struct ctx *c, struct json *j, const struct reaction *r, bool has_viewer);
/* Reaction[]; `me` only when there is a viewer. */
void view_reactions(struct ctx *c, struct json *j, const char *key, const struct reactions *v, bool has_viewer);
void view_announcement(struct ctx *c, struct json *j, const struct announcement *a);
/* WrappedAnnualReports. */
void view_annual_reports(struct ctx *c, struct json *j, const struct annual_reports *v, const struct accounts *accounts,
    const struct statuses *statuses);
void view_async_refresh(struct json *j, const struct async_refresh *a);
/* An invite of the caller, and one way in to the caller's login: ours, not Mastodon's. */
void view_invite(struct ctx *c, struct json *j, const struct invite *i);
void view_import(struct json *j, const struct import *i);
void view_session(struct json *j, const struct session *s);
void view_session_app(struct json *j, const struct token *t, bool current);
void view_login(struct json *j, const struct login *l);
void view_passkey(struct json *j, const struct passkey *p);
/* As WebAuthn's PublicKeyCredentialCreationOptionsJSON has it, with its own spelling. */
void view_passkey_options(struct ctx *c, struct json *j, const struct passkey_options *o);
void view_bookmark_folder(struct json *j, const struct bookmark_folder *f);
void view_conversation(struct ctx *c, struct json *j, const struct conversation *v);
void view_collection(struct ctx *c, struct json *j, const char *key, const struct collection *v);
void view_collection_item(struct json *j, const char *key, const struct collection_item *i);
void view_list(struct json *j, const struct list *l);
void view_lists(struct json *j, const struct lists *v);
/* PreviewCard. */
void view_card(struct ctx *c, struct json *j, const char *key, const struct card *k);
void view_trend_link(struct ctx *c, struct json *j, const struct card *k); /* with its history */
void view_translation(struct json *j, const struct translation *t);
void view_translation_languages(struct json *j, const struct val *languages);
void view_notification(struct ctx *c, struct json *j, const struct notification *n);
/* The same for an app that knows the kinds in supported (bits): others come with a sentence in words. */
/* key NULL: inside an array */
void view_severance(struct json *j, const char *key, const struct severance *s);
void view_notification_for(struct ctx *c, struct json *j, const struct notification *n, uint64_t supported);
/* GroupedNotificationsResults; partial: most accounts only with name and avatar. */
void view_notification_groups(
    struct ctx *c, struct json *j, const struct notification_groups *v, bool partial, uint64_t supported);
/* Suggestion. */
void view_suggestion(struct ctx *c, struct json *j, const struct suggestion *s);
/* Report. */
void view_report(struct ctx *c, struct json *j, const char *key, const struct report *r);
void view_notification_request(struct ctx *c, struct json *j, const struct notification_request *q);
void view_notification_policy(struct json *j, const struct notification_policy *p);
void view_notification_policy_v1(struct json *j, const struct notification_policy *p);
/* FeaturedTag; owner: whose profile it is on. */
void view_featured_tag(struct ctx *c, struct json *j, const struct account *owner, const struct featured_tag *t);
void view_history(struct json *j, const struct use_day *v); /* NULL: none */
void view_tag(struct ctx *c, struct json *j, const struct tag_ref *t);
/* secret p NULL: Application; else CredentialApplication. */
void view_app(struct ctx *c, struct json *j, const struct app *a, struct str secret);
void view_token(struct ctx *c, struct json *j, const struct token *t, struct str secret);

/* WebPushSubscription. */
void view_push_subscription(struct ctx *c, struct json *j, const struct push_subscription *p);
/* What is encrypted for the device: {access_token, preferred_locale, notification_id, notification_type, icon, title, body}. */
void view_push_message(struct ctx *c, struct json *j, const struct push_message *m);
/* "Ann mentioned you", in c->locale; plain text. */
struct str view_notification_title(struct ctx *c, const struct notification *n);
/* The values of the templates mail_notifications.*, and the subject: one line without what a header must not have. */
void view_notification_mail(struct ctx *c, struct json *j, const struct notification_mail *m);
struct str view_notification_mail_subject(struct ctx *c, const struct notification_mail *m);

#endif
