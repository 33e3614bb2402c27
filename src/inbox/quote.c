/* QuoteRequest: may a post of ours be shown in this one?  The post that quotes comes with the request, or is fetched. */
#include "inbox/activity.h"

#include "base/url.h"
#include "service/receive.h"
#include "service/receive_quote.h"

/* The post that quotes, stored here; NULL when it cannot be had. */
static enum err
find_instrument(struct ctx *c, struct incoming *in, struct status **out)
{
    struct ap_note x;
    bool ok;

    *out = NULL;
    TRY(inbox_read_note(c, in, in->a.instrument_val, &x, &ok));
    if (ok) {
        TRY(service_receive_note_update(c, &in->budget, &x, in->from, out));
        return *out != NULL ? ERR_OK : service_receive_note(c, &in->budget, &x, in->from, out);
    }
    if (in->a.instrument.n == 0 || !url_same_origin(c->mem, in->a.instrument, in->from->uri))
        return ERR_OK;
    return inbox_drop_theirs(c, service_resolve_status(c, &in->budget, in->a.instrument, out));
}

enum err
activity_quote_request(struct ctx *c, struct incoming *in)
{
    struct quote_request r = { .from = in->from, .uri = in->a.id, .instrument = in->a.instrument };
    struct status *quoted, *s = NULL;

    TRY(service_receive_quote_asked(c, in->from, in->a.object, &quoted, &r.answer));
    if (quoted == NULL)
        return ERR_OK;
    if (r.answer != QUOTE_ANSWER_DENIED) /* what is refused anyway need not be kept */
        TRY(find_instrument(c, in, &s));
    r.quoted = quoted;
    r.status = s;
    return service_receive_quote_request(c, &r);
}
