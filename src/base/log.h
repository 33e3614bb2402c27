/*
 * Structured log: logfmt lines on stderr.  Values are typed, so nothing needs quoting by hand and secrets have no formatter.
 * log_info(c, "status.post", LOG_INT("id", s->id), LOG_STR("acct", acct));
 * Each error is logged once, by the entrance that ends it; layers below return.  Any thread.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/ctx.h"

enum log_level { LOG_LEVEL_DEBUG, LOG_LEVEL_INFO, LOG_LEVEL_WARN, LOG_LEVEL_ERROR };

struct log_field {
    const char *key; /* NULL ends the list */
    bool is_int;
    int64_t i;
    struct str s;
};

#define LOG_INT(k, v) ((struct log_field){ .key = (k), .is_int = true, .i = (v) })
#define LOG_STR(k, v) ((struct log_field){ .key = (k), .s = (v) })

/* c may be NULL outside requests. */
void log_write(enum log_level level, const struct ctx *c, const char *event, const struct log_field *fields);
#define log_debug(c, ev, ...)                                                                                          \
    log_write(LOG_LEVEL_DEBUG, c, ev, (const struct log_field[]){ __VA_ARGS__ __VA_OPT__(, ){ 0 } })
#define log_info(c, ev, ...)                                                                                           \
    log_write(LOG_LEVEL_INFO, c, ev, (const struct log_field[]){ __VA_ARGS__ __VA_OPT__(, ){ 0 } })
#define log_warn(c, ev, ...)                                                                                           \
    log_write(LOG_LEVEL_WARN, c, ev, (const struct log_field[]){ __VA_ARGS__ __VA_OPT__(, ){ 0 } })
#define log_error(c, ev, ...)                                                                                          \
    log_write(LOG_LEVEL_ERROR, c, ev, (const struct log_field[]){ __VA_ARGS__ __VA_OPT__(, ){ 0 } })

/* The end of something that failed: c->fail with its name, field and detail.  WARN for 5xx codes, else INFO. */
void log_failure(const struct ctx *c, const char *event, enum err e);

void log_set_level(enum log_level level);
bool log_level_parse(struct str s, enum log_level *out);

#endif
