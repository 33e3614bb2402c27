/*
 * The jobs `move` (again: whoever follows the new account already is only taken from the old one) and `refollow` (again: a Follow that
 * was sent before is accepted again).
 */
#include "job/job.h"

#include "service/move.h"
#include "service/relation.h"

enum err
job_move(struct ctx *c, const struct job *job)
{
    int64_t from, to, after, part = val_int(val_get(job->args, S("part")), -1);

    if (!str_int(val_str(val_get(job->args, S("from"))), &from) ||
        !str_int(val_str(val_get(job->args, S("to"))), &to) ||
        !str_int(val_str(val_get(job->args, S("after"))), &after))
        return ctx_fail(c, ERR_INVALID, "a move without accounts");
    return service_move_run(c, from, to, (int)part, after);
}

enum err
job_refollow(struct ctx *c, const struct job *job)
{
    return service_relation_follow_again(c, job->arg_id);
}
