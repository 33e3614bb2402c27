/* Flag: another server reports people of ours, mostly in the name of its instance actor. */
#include "inbox/activity.h"

#include "service/report.h"

enum { TARGETS_MAX = 64 };

enum err
activity_flag(struct ctx *c, struct incoming *in)
{
    struct strs targets = ap_flag_targets(c->mem, &in->a, TARGETS_MAX);
    struct str text = in->a.content.text.n > 0   ? in->a.content.text
                      : in->a.summary.text.n > 0 ? in->a.summary.text
                                                 : in->a.name.text;

    if (targets.n == 0 || in->a.id.n == 0)
        return ERR_OK;
    return service_report_received(c, in->from, in->a.id, &targets, text);
}
