/* ScheduledStatus, and our own Draft and Delivery. */
#include "view/view.h"

#include "model/quote.h"

static void
put_poll(struct json *j, const struct post_poll *p)
{
    if (p == NULL) {
        json_null(j, "poll");
        return;
    }
    json_obj(j, "poll");
    json_strs(j, "options", &p->options);
    json_int(j, "expires_in", p->expires_in);
    json_bool(j, "multiple", p->multiple);
    json_bool(j, "hide_totals", p->hide_totals);
    json_end(j);
}

static void
put_media_ids(struct json *j, const struct ids *v)
{
    if (v->n == 0) {
        json_null(j, "media_ids");
        return;
    }
    json_ids(j, "media_ids", v);
}

/* What both kinds tell of a post, in Mastodon's names. */
static void
put_params(struct json *j, const struct post_params *p)
{
    json_str(j, "text", p->status);
    put_poll(j, p->poll);
    put_media_ids(j, &p->media_ids);
    if (p->sensitive < 0)
        json_null(j, "sensitive");
    else
        json_bool(j, "sensitive", p->sensitive > 0);
    json_str_or_null(j, "spoiler_text", p->spoiler_text);
    json_str_or_null(
        j, "visibility", p->visibility < 0 ? STR_NONE : str_z(visibility_shown((enum visibility)p->visibility)));
    json_str_or_null(j, "language", p->language);
    json_str_or_null(j, "content_type", p->content_type);
    json_id_or_null(j, "quoted_status_id", p->quoted_status_id);
    if (p->quote_choice >= 0) /* never null: absent is the author's default */
        json_str(j, "quote_approval_policy", str_z(quote_choice_names[p->quote_choice]));
    if (p->has_allowed_mentions)
        json_strs(j, "allowed_mentions", &p->allowed_mentions);
    else
        json_null(j, "allowed_mentions");
    if (p->expires_in != 0)
        json_int(j, "expires_in", p->expires_in);
    else
        json_null(j, "expires_in");
    json_time_or_null(j, "expires_at", p->expires_ms);
    json_bool(j, "local_only", p->local_only);
}

/* An integer, as Mastodon has it there and nowhere else. */
static void
put_reply_to(struct json *j, const struct post_params *p)
{
    if (p->in_reply_to_id != 0)
        json_int(j, "in_reply_to_id", p->in_reply_to_id);
    else
        json_null(j, "in_reply_to_id");
}

static void
put_files(struct ctx *c, struct json *j, const struct draft_row *d)
{
    json_arr(j, "media_attachments");
    for (size_t i = 0; i < d->n_media; i++)
        view_media(c, j, &d->media[i]);
    json_end(j);
}

static void
put_thread(struct json *j, const struct posts *v)
{
    json_arr(j, "thread");
    for (size_t i = 1; i < v->n; i++) {
        json_obj(j, NULL);
        put_params(j, &v->v[i]);
        json_end(j);
    }
    json_end(j);
}

void
view_scheduled(struct ctx *c, struct json *j, const struct draft_row *d)
{
    json_obj(j, NULL);
    json_id(j, "id", d->id);
    json_time(j, "scheduled_at", d->scheduled_ms);
    json_obj(j, "params");
    put_params(j, &d->posts.v[0]);
    put_reply_to(j, &d->posts.v[0]);
    json_int(j, "application_id", d->app_id);
    json_null(j, "scheduled_at");
    json_str_or_null(j, "idempotency", d->key);
    json_bool(j, "with_rate_limit", false);
    json_end(j);
    put_files(c, j, d);
    put_thread(j, &d->posts);
    json_time_or_null(j, "failed_at", d->failed_ms);
    json_str_or_null(j, "error", d->failure);
    json_end(j);
}

void
view_draft(struct ctx *c, struct json *j, const struct draft_row *d)
{
    json_obj(j, NULL);
    json_id(j, "id", d->id);
    json_int(j, "version", d->version);
    json_time(j, "created_at", d->created_ms);
    json_time(j, "updated_at", d->updated_ms);
    json_arr(j, "posts");
    for (size_t i = 0; i < d->posts.n; i++) {
        json_obj(j, NULL);
        put_params(j, &d->posts.v[i]);
        json_id_or_null(j, "in_reply_to_id", d->posts.v[i].in_reply_to_id);
        json_end(j);
    }
    json_end(j);
    put_files(c, j, d);
    json_end(j);
}

void
view_deliveries(struct json *j, const struct host_reports *v)
{
    json_arr(j, NULL);
    for (size_t i = 0; i < v->n; i++) {
        const struct host_report *h = &v->v[i];

        json_obj(j, NULL);
        json_id(j, "id", h->id);
        json_str(j, "host", h->host);
        json_str(j, "state", h->waiting > 0 ? S("waiting") : h->failed > 0 ? S("failed") : S("delivered"));
        json_int(j, "delivered", h->done);
        json_int(j, "waiting", h->waiting);
        json_int(j, "failed", h->failed);
        json_int(j, "tries", h->tries);
        if (h->http_status != 0)
            json_int(j, "last_status", h->http_status);
        else
            json_null(j, "last_status");
        json_str_or_null(j, "last_error", h->last_error);
        json_time_or_null(j, "next_try_at", h->next_ms);
        json_time_or_null(j, "delivered_at", h->done_ms);
        json_end(j);
    }
    json_end(j);
}
