/* Which of HTML and ActivityPub does the client like better? */
#include "ap/accept.h"

/* Thousandths of a q value; 1000 for junk, as most senders of junk mean "this". */
static int
quality(struct str params)
{
    struct str part;

    while (str_cut(&params, ';', &part)) {
        int q = 0, scale = 100;

        part = str_trim(part);
        if (!str_startsi(part, S("q=")))
            continue;
        part = str_sub(part, 2, part.n);
        if (part.n == 0 || (part.p[0] != '0' && part.p[0] != '1') || (part.n > 1 && part.p[1] != '.'))
            return 1000;
        q = (part.p[0] - '0') * 1000;
        for (size_t i = 2; i < part.n && i < 5; i++, scale /= 10) {
            if (part.p[i] < '0' || part.p[i] > '9')
                return 1000;
            q += (part.p[i] - '0') * scale;
        }
        return MIN(q, 1000);
    }
    return 1000;
}

enum ap_wants
ap_accept(struct str accept, enum ap_wants otherwise)
{
    /* Specificity decides which range gives a type its quality: exact, then type/ *, then any. */
    int html = -1, ap = -1, any = -1, text = -1, application = -1;
    struct str range;

    while (str_cut(&accept, ',', &range)) {
        struct str params = range, type;
        int q;

        if (!str_cut(&params, ';', &type))
            continue;
        type = str_trim(type);
        q = quality(params.p == NULL ? S("") : params);
        if (str_eqi(type, S("text/html")) || str_eqi(type, S("application/xhtml+xml")))
            html = MAX(html, q);
        else if (str_eqi(type, S("application/activity+json")) || str_eqi(type, S("application/ld+json")) ||
                 str_eqi(type, S("application/json")))
            ap = MAX(ap, q);
        else if (str_eqi(type, S("text/*")))
            text = MAX(text, q);
        else if (str_eqi(type, S("application/*")))
            application = MAX(application, q);
        else if (str_eqi(type, S("*/*")))
            any = MAX(any, q);
    }
    if (html < 0 && ap < 0 && text < 0 && application < 0)
        return otherwise;
    html = html >= 0 ? html : text >= 0 ? text : any;
    ap = ap >= 0 ? ap : application >= 0 ? application : any;
    if (html <= 0 && ap <= 0)
        return otherwise;
    if (html == ap)
        return otherwise == AP_WANTS_AP ? AP_WANTS_AP : AP_WANTS_HTML;
    return ap > html ? AP_WANTS_AP : AP_WANTS_HTML;
}
