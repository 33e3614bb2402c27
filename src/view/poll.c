/* Poll. */
#include "view/view.h"

#include "base/clock.h"
#include "base/ctx.h"

/* Emoji of the post that stand in the options. */
static void
put_emojis(struct ctx *c, struct json *j, const struct status *s)
{
    struct emoji_refs used = { arena_vec(c->mem, struct emoji_ref, s->emojis.n), 0 };

    for (size_t i = 0; i < s->emojis.n; i++) {
        struct str code = str_cat(c->mem, S(":"), s->emojis.v[i].shortcode, S(":"), STR_NONE);
        bool found = false;

        for (size_t k = 0; k < s->poll->n && !found; k++)
            found = str_find(s->poll->options[k].title, code) >= 0;
        if (found)
            used.v[used.n++] = s->emojis.v[i];
    }
    view_emojis(c, j, "emojis", &used);
}

static void
put_options(struct json *j, const struct poll *p, bool over)
{
    json_arr(j, "options");
    for (size_t i = 0; i < p->n; i++) {
        json_obj(j, NULL);
        json_str(j, "title", p->options[i].title);
        if (p->hide_totals && !over)
            json_null(j, "votes_count");
        else
            json_int(j, "votes_count", p->options[i].votes);
        json_end(j);
    }
    json_end(j);
}

void
view_poll(struct ctx *c, struct json *j, const char *key, const struct status *s)
{
    const struct poll *p = s->poll;
    bool over = poll_is_over(p, clock_ms());

    json_obj(j, key);
    json_id(j, "id", p->id);
    json_time_or_null(j, "expires_at", p->expires_ms);
    json_bool(j, "expired", over);
    json_bool(j, "multiple", p->multiple);
    json_int(j, "votes_count", poll_votes(p));
    if (p->voters >= 0)
        json_int(j, "voters_count", p->voters);
    else
        json_null(j, "voters_count");
    if (p->has_viewer) {
        json_bool(j, "voted", p->n_own > 0 || s->account_id == c->who.account_id);
        json_arr(j, "own_votes");
        for (size_t i = 0; i < p->n_own; i++)
            json_int(j, NULL, p->own[i]);
        json_end(j);
    }
    put_options(j, p, over);
    put_emojis(c, j, s);
    json_end(j);
}
