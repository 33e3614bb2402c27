/* Lists that people take with them: exports and imports as CSV. */
#include "service/exchange.h"
#include "api/handlers.h"

#include "http/respond.h"
#include "os/file.h"
#include "view/view.h"

static void
answer_csv(struct ctx *c, struct req *r, const char *name, struct str csv)
{
    res_text(c, r, 200, S("text/csv; charset=utf-8"), csv);
    res_attachment(c, r, str_cat(c->mem, str_z(name), S(".csv"), STR_NONE));
}

enum err
api_export(struct ctx *c, struct req *r)
{
    struct str csv, wanted = req_param(r, "kind");

    for (int kind = 0; kind < KIND_COUNT; kind++)
        if (str_eqz(wanted, list_kind_names[kind])) {
            TRY(service_export(c, (enum list_kind)kind, &csv));
            answer_csv(c, r, list_kind_names[kind], csv);
            return ERR_OK;
        }
    return ctx_fail(c, ERR_NOT_FOUND, "no list of that name");
}

/* ---- imports ------------------------------------------------------------------------------------------------------- */

struct import_request {
    int type, mode;
    struct upload data;
};

static enum err
read_data(struct ctx *c, const struct upload *u, struct str *out)
{
    char *p;

    *out = u->bytes;
    if (u->n > IMPORT_BYTES_MAX || u->bytes.n > IMPORT_BYTES_MAX)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Data has more than %d bytes", IMPORT_BYTES_MAX);
    if (u->fd < 0)
        return u->bytes.n > 0 ? ERR_OK : ctx_fail_public(c, ERR_INVALID, "Validation failed: Data can't be blank");
    p = arena_vec(c->mem, char, (size_t)u->n);
    if (file_pread(u->fd, p, (size_t)u->n, u->off) != (ssize_t)u->n)
        return ctx_fail(c, ERR_INTERNAL, "cannot read the upload");
    *out = (struct str){ p, (size_t)u->n };
    return ERR_OK;
}

enum err
api_import_begin(struct ctx *c, struct req *r)
{
    static const char *const modes[] = { "merge", "overwrite", NULL };
    static const struct field fields[] = {
        FIELD(import_request, type, P_ENUM, .extra = list_kind_names, .required = true),
        FIELD(import_request, mode, P_ENUM, .extra = modes),
        FIELD(import_request, data, P_FILE),
    };
    struct import_request q = { .data.fd = -1 };
    struct import *i;
    struct str csv;

    TRY(params_read(c, r, fields, lengthof(fields), &q));
    TRY(read_data(c, &q.data, &csv));
    TRY(service_import_begin(c, (enum list_kind)q.type, q.mode == 1, csv, &i));
    view_import(res_json(c, r, 200), i);
    return ERR_OK;
}

enum err
api_import_list(struct ctx *c, struct req *r)
{
    struct imports v;
    struct json *j;

    TRY(service_import_list(c, &v));
    j = res_json(c, r, 200);
    json_arr(j, NULL);
    for (size_t i = 0; i < v.n; i++)
        view_import(j, &v.v[i]);
    json_end(j);
    return ERR_OK;
}

enum err
api_import_show(struct ctx *c, struct req *r)
{
    struct import *i;

    TRY(service_import_get(c, req_param_id(r, "id"), &i));
    view_import(res_json(c, r, 200), i);
    return ERR_OK;
}

enum err
api_import_failures(struct ctx *c, struct req *r)
{
    struct str csv;

    TRY(service_import_failures(c, req_param_id(r, "id"), &csv));
    answer_csv(c, r, "failures", csv);
    return ERR_OK;
}

enum err
api_import_cancel(struct ctx *c, struct req *r)
{
    TRY(service_import_cancel(c, req_param_id(r, "id")));
    res_empty_object(c, r);
    return ERR_OK;
}
