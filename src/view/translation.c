/* Translation.  https://docs.joinmastodon.org/entities/Translation/ */
#include "view/view.h"

void
view_translation(struct json *j, const struct translation *t)
{
    const struct status *s = t->status;

    json_obj(j, NULL);
    json_str(j, "content", t->content);
    json_str(j, "spoiler_text", t->spoiler_text);
    json_str(j, "language", t->language);
    json_str(j, "detected_source_language", t->detected);
    json_str(j, "provider", t->provider);
    if (s->poll != NULL) {
        json_obj(j, "poll");
        json_id(j, "id", s->poll->id);
        json_arr(j, "options");
        for (size_t i = 0; i < t->options.n; i++) {
            json_obj(j, NULL);
            json_str(j, "title", t->options.v[i]);
            json_end(j);
        }
        json_end(j);
        json_end(j);
    } else {
        json_null(j, "poll");
    }
    json_arr(j, "media_attachments");
    for (size_t i = 0; i < t->descriptions.n; i++) {
        json_obj(j, NULL);
        json_id(j, "id", s->media[i].id);
        json_str(j, "description", t->descriptions.v[i]);
        json_end(j);
    }
    json_end(j);
    json_end(j);
}

/* Source to targets; "und" for what the service is to find out. */
void
view_translation_languages(struct json *j, const struct val *languages)
{
    json_obj(j, NULL);
    for (size_t i = 0; languages->kind == VAL_ARR && i < languages->n; i++) {
        const struct val *l = val_at(languages, i), *targets = val_get(l, S("targets"));
        struct str code = val_str(val_get(l, S("code")));

        if (code.n == 0)
            continue;
        json_member(j, code);
        json_arr(j, NULL);
        for (size_t k = 0; targets->kind == VAL_ARR && k < targets->n; k++)
            if (!str_eq(val_str(val_at(targets, k)), code))
                json_str(j, NULL, val_str(val_at(targets, k)));
        json_end(j);
    }
    if (languages->kind == VAL_ARR && languages->n > 0) {
        json_arr(j, "und");
        for (size_t i = 0; i < languages->n; i++)
            json_str(j, NULL, val_str(val_get(val_at(languages, i), S("code"))));
        json_end(j);
    }
    json_end(j);
}
