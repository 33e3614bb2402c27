/*
 * The closed set of errors.  One line = name, HTTP status, what a job runner does, exit code, the text a stranger may read.
 * Three consumers: http/respond.c, queue/run.c, main.c.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "base/def.h"

enum err_fate { FATE_DONE, FATE_DROP, FATE_RETRY };

#define ERR_LIST(X)                                                                                                    \
    X(OK, 200, DONE, 0, "OK")                                                                                          \
    X(BAD_REQUEST, 400, DROP, 64, "Bad request")                                                                       \
    X(UNAUTHORIZED, 401, DROP, 77, "The access token is invalid")                                                      \
    X(FORBIDDEN, 403, DROP, 77, "This action is not allowed")                                                          \
    X(NOT_FOUND, 404, DROP, 66, "Record not found")                                                                    \
    X(METHOD, 405, DROP, 64, "Method not allowed")                                                                     \
    X(TIMEOUT, 408, RETRY, 75, "The request took too long")                                                            \
    X(CONFLICT, 409, DROP, 65, "Duplicate record")                                                                     \
    X(GONE, 410, DROP, 66, "Record was deleted")                                                                       \
    X(TOO_LARGE, 413, DROP, 65, "Too large")                                                                           \
    X(MEDIA_TYPE, 415, DROP, 65, "Unsupported content type")                                                           \
    X(INVALID, 422, DROP, 65, "Validation failed")                                                                     \
    X(RATE, 429, RETRY, 75, "Too many requests")                                                                       \
    X(REMOTE, 503, RETRY, 69, "Remote data could not be fetched")                                                      \
    X(BUSY, 503, RETRY, 75, "Temporarily unavailable")                                                                 \
    X(INTERNAL, 500, RETRY, 70, "This is not your fault, something went wrong on our end")

#define X(name, status, fate, code, text) ERR_##name,
enum err { ERR_LIST(X) ERR_COUNT };
#undef X

const char *err_name(enum err e);   /* "NOT_FOUND" */
int err_status(enum err e);         /* HTTP status */
enum err_fate err_fate(enum err e); /* what a job runner does */
int err_exit(enum err e);           /* exit code, sysexits(3) */
const char *err_text(enum err e);   /* for strangers */

/* The only macro with hidden control flow: leaves the function with the error of expr.  Safe, as memory belongs to arenas. */
#define TRY(expr)                                                                                                      \
    do {                                                                                                               \
        enum err try_err = (expr);                                                                                     \
        if (try_err != ERR_OK)                                                                                         \
            return try_err;                                                                                            \
    } while (0)

#endif
