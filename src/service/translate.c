/* Translation of posts. */
#include "service/translate.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/ctx.h"
#include "base/json.h"
#include "base/url.h"
#include "crypto/digest.h"
#include "db/db.h"
#include "http/client.h"
#include "service/status.h"
#include "store/translation.h"
#include "text/html.h"

enum {
    TIMEOUT_MS = 20 * SECOND_MS,
    LANGUAGES_MS = DAY_MS,
    KEEP_MS = 7 * DAY_MS,
    SOURCE_BYTES_MAX = 64 * 1024,
    ANSWER_BYTES_MAX = 1024 * 1024,
    LANGUAGE_BYTES_MAX = 16,
};

/* ---- the service ------------------------------------------------------------------------------------------------- */

static enum err
ask(struct ctx *c, const char *path, struct str body, struct str *out)
{
    const struct http_header headers[] = { { S("Accept"), S("application/json") },
        { S("Content-Type"), S("application/json") } };
    struct fetch_request rq = { .method = body.n > 0 ? HTTP_POST : HTTP_GET,
        .url = str_cat(c->mem, c->env->conf->translate_url, str_z(path), STR_NONE),
        .headers = headers,
        .n_headers = body.n > 0 ? 2 : 1,
        .body = body,
        .body_max = ANSWER_BYTES_MAX,
        .timeout_ms = TIMEOUT_MS,
        .http_ok = true };
    struct fetch_response *r;

    db_rollback(c); /* no connection while the service thinks */
    TRY(http_client_fetch(c, &rq, &r));
    *out = r->body;
    return ERR_OK;
}

/* Something that was answered before, or asked now; kept when check says that it is an answer. */
static enum err
cached(struct ctx *c, struct str key, int64_t keep_ms, const char *path, struct str body,
    bool (*check)(const struct val *answer), const struct val **out)
{
    struct sha256 digest = sha256(str_cat(c->mem, c->env->conf->translate_url, S("\n"), key, STR_NONE));
    struct str text;

    TRY(store_translation_get(c, sha256_str(&digest), clock_ms() - keep_ms, &text));
    if (text.p != NULL && json_parse(c->mem, text, NULL, out) == ERR_OK && check(*out))
        return ERR_OK;
    TRY(ask(c, path, body, &text));
    if (json_parse(c->mem, text, NULL, out) != ERR_OK || !check(*out))
        return ctx_fail(c, ERR_REMOTE, "the translation service answers something else");
    TRY(db_begin(c, DB_WRITE));
    TRY(store_translation_put(c, sha256_str(&digest), text));
    return db_commit(c);
}

static bool
is_list(const struct val *v)
{
    return v->kind == VAL_ARR;
}

enum err
service_translate_languages(struct ctx *c, const struct val **out)
{
    *out = &val_null;
    if (c->env->conf->translate_url.n == 0)
        return ERR_OK;
    return cached(c, S("languages"), LANGUAGES_MS, "/languages", S(""), is_list, out);
}

/* ---- which languages ------------------------------------------------------------------------------------------------ */

static bool
has_text(const struct val *list, struct str s)
{
    for (size_t i = 0; list->kind == VAL_ARR && i < list->n; i++)
        if (str_eqi(val_str(val_at(list, i)), s))
            return true;
    return false;
}

/* May it be translated?  source empty: the service is to find out. */
static bool
has_pair(const struct val *languages, struct str source, struct str target)
{
    for (size_t i = 0; i < languages->n; i++) {
        const struct val *l = val_at(languages, i);
        struct str code = val_str(val_get(l, S("code")));

        if (source.n == 0 ? str_eqi(code, target) : str_eqi(code, source) && has_text(val_get(l, S("targets")), target))
            return true;
    }
    return false;
}

/* "pt" for "pt-BR", unless the service knows the whole. */
static struct str
known(const struct val *languages, struct str code)
{
    ptrdiff_t dash = str_chr(code, '-');

    for (size_t i = 0; i < languages->n; i++)
        if (str_eqi(val_str(val_get(val_at(languages, i), S("code"))), code))
            return val_str(val_get(val_at(languages, i), S("code")));
    return dash < 0 ? code : str_sub(code, 0, (size_t)dash);
}

/* ---- a post ------------------------------------------------------------------------------------------------------------ */

/* Everything as HTML, in one order: text, warning, options, descriptions. */
static struct strs
texts_of(struct ctx *c, const struct status *s)
{
    size_t options = s->poll != NULL ? s->poll->n : 0;
    struct strs v = { arena_vec(c->mem, struct str, 2 + options + s->n_media), 0 };

    v.v[v.n++] = s->quote != NULL ? text_html_without_quote_link(c->mem, s->content) : s->content;
    v.v[v.n++] = text_html_escape(c->mem, s->spoiler_text);
    for (size_t i = 0; i < options; i++)
        v.v[v.n++] = text_html_escape(c->mem, s->poll->options[i].title);
    for (size_t i = 0; i < s->n_media; i++)
        v.v[v.n++] = text_html_escape(c->mem, s->media[i].description);
    return v;
}

static struct str
request(struct ctx *c, const struct strs *texts, struct str source, struct str target, bool with_key)
{
    struct buf b;
    struct json j;

    buf_init(&b, c->mem, SOURCE_BYTES_MAX * 7);
    json_init(&j, &b);
    json_obj(&j, NULL);
    json_arr(&j, "q");
    for (size_t i = 0; i < texts->n; i++)
        json_str(&j, NULL, texts->v[i]);
    json_end(&j);
    json_str(&j, "source", source.n > 0 ? source : S("auto"));
    json_str(&j, "target", target);
    json_str(&j, "format", S("html"));
    if (with_key && c->env->conf->translate_key.n > 0)
        json_str(&j, "api_key", c->env->conf->translate_key);
    json_end(&j);
    return json_done(&j) ? buf_str(&b) : S("");
}

static bool
is_translation(const struct val *v)
{
    return val_get(v, S("translatedText"))->kind == VAL_ARR;
}

/* What came back is HTML of a stranger. */
static struct str
plain(struct ctx *c, const struct val *v)
{
    return text_html_to_plain(c->mem, text_html_clean(c->mem, val_str(v), HTML_NONE));
}

static void
take(struct ctx *c, const struct val *answer, const struct status *s, struct translation *out)
{
    const struct val *texts = val_get(answer, S("translatedText")), *found = val_get(answer, S("detectedLanguage"));
    size_t options = s->poll != NULL ? s->poll->n : 0;

    if (found->kind == VAL_ARR)
        found = val_at(found, 0);
    out->content = text_html_clean(c->mem, val_str(val_at(texts, 0)), HTML_POST);
    out->spoiler_text = plain(c, val_at(texts, 1));
    out->options = (struct strs){ arena_vec(c->mem, struct str, options), options };
    for (size_t i = 0; i < options; i++)
        out->options.v[i] = plain(c, val_at(texts, 2 + i));
    out->descriptions = (struct strs){ arena_vec(c->mem, struct str, s->n_media), s->n_media };
    for (size_t i = 0; i < s->n_media; i++)
        out->descriptions.v[i] = plain(c, val_at(texts, 2 + options + i));
    if (out->detected.n == 0)
        out->detected = val_str(val_get(found, S("language")));
    if (out->detected.p == NULL || out->detected.n > LANGUAGE_BYTES_MAX)
        out->detected = S("und");
}

enum err
service_translate(struct ctx *c, int64_t status_id, struct str language, struct translation *out)
{
    const struct val *languages, *answer;
    struct strs texts;
    struct status *s;
    struct str source, body;

    TRY(service_status_get(c, status_id, &s));
    if (s->reblog != NULL)
        s = s->reblog;
    if (c->env->conf->translate_url.n == 0)
        return ctx_fail(c, ERR_NOT_FOUND, "no translation service");
    if (s->visibility > VIS_UNLISTED || s->local_only)
        return ctx_fail_public(c, ERR_FORBIDDEN, "This action is not allowed");
    TRY(service_translate_languages(c, &languages));
    source = known(languages, s->language);
    language = known(languages, language);
    if (!has_pair(languages, source, language) || str_eqi(source, language))
        return ctx_fail_public(c, ERR_FORBIDDEN, "This language cannot be translated");
    texts = texts_of(c, s);
    body = request(c, &texts, source, language, true);
    if (body.n == 0 || body.n > SOURCE_BYTES_MAX)
        return ctx_fail_public(c, ERR_FORBIDDEN, "This post is too long to be translated");
    TRY(cached(c, request(c, &texts, source, language, false), KEEP_MS, "/translate", body, is_translation, &answer));
    *out =
        (struct translation){ .status = s, .language = language, .detected = source, .provider = S("LibreTranslate") };
    take(c, answer, s, out);
    return ERR_OK;
}
