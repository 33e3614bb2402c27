/* Forms: pairs joined by '&', names and values percent-coded with '+' for a space. */
#include "http/form.h"

#include "base/url.h"

enum err
form_parse(struct tree *t, struct str text)
{
    struct str pair, name, value;

    while (str_cut(&text, '&', &pair)) {
        if (pair.n == 0)
            continue;
        CHECK(str_cut(&pair, '=', &name));
        if (!url_decode(t->mem, name, true, &name) || !url_decode(t->mem, pair, true, &value))
            return ERR_BAD_REQUEST;
        TRY(tree_add(t, name, value.p == NULL ? S("") : value));
    }
    return ERR_OK;
}
