/* Annual reports: the rows, and the counts they are made from. */
#ifndef STORE_ANNUAL_REPORT_H
#define STORE_ANNUAL_REPORT_H

#include "base/ctx.h"
#include "model/annual_report.h"

NODISCARD enum err store_annual_get(
    struct ctx *c, int64_t account_id, int64_t year, struct annual_report **out); /* NOT_FOUND */
/* Finished ones that were not viewed, newest first. */
NODISCARD enum err store_annual_list(struct ctx *c, int64_t account_id, struct annual_reports *out);
/* Begin one; *added is false when it is there. */
NODISCARD enum err store_annual_begin(struct ctx *c, int64_t account_id, int64_t year, bool *added);
NODISCARD enum err store_annual_finish(struct ctx *c, int64_t account_id, int64_t year, struct str data);
NODISCARD enum err store_annual_view(struct ctx *c, int64_t account_id, int64_t year, bool *found);

/* What was posted from one time on (inclusive) to another: ids are times.  Walks the account's statuses of that time. */
struct annual_counts {
    int64_t standalone, replies, reblogs, polls;
};
NODISCARD enum err store_annual_counts(
    struct ctx *c, int64_t account_id, int64_t from_ms, int64_t to_ms, struct annual_counts *out);
/* New follows by and of the account. */
NODISCARD enum err store_annual_follows(
    struct ctx *c, int64_t account_id, int64_t from_ms, int64_t to_ms, int64_t *following, int64_t *followers);
/* Its public or unlisted status with the most of each; 0: none has any. */
struct annual_top {
    int64_t by_reblogs, by_favourites, by_replies;
};
NODISCARD enum err store_annual_top(
    struct ctx *c, int64_t account_id, int64_t from_ms, int64_t to_ms, struct annual_top *out);
struct annual_tag {
    struct str name;
    int64_t count;
};
NODISCARD enum err store_annual_tags(struct ctx *c, int64_t account_id, int64_t from_ms, int64_t to_ms, int64_t limit,
    struct annual_tag **out, size_t *n);

#endif
