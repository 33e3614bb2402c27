/* Lists that people take with them from server to server, as CSV. */
#ifndef MODEL_EXCHANGE_H
#define MODEL_EXCHANGE_H

#include "base/str.h"

enum list_kind {
    KIND_FOLLOWING,
    KIND_BLOCKS,
    KIND_MUTES,
    KIND_DOMAIN_BLOCKS,
    KIND_BOOKMARKS,
    KIND_LISTS,
    KIND_FOLLOWERS, /* cannot be brought: only told */
    KIND_COUNT
};
extern const char *const list_kind_names[]; /* NULL-terminated */

enum import_state { IMPORT_WAITING, IMPORT_RUNNING, IMPORT_FINISHED };
extern const char *const import_state_names[]; /* NULL-terminated */

struct import {
    int64_t id, account_id, user_id;
    enum list_kind kind;
    bool overwrite;
    enum import_state state;
    int64_t total, done, failed; /* done counts the failed ones too */
    int64_t created_ms, finished_ms;
};

struct imports {
    struct import *v;
    size_t n;
};

struct import_row {
    int64_t position;
    struct str key, error;
    struct strs cells;
};

struct import_rows {
    struct import_row *v;
    size_t n;
};

#endif
