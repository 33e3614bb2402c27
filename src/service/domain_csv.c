/* Lists of policies that servers give each other. */
#include "service/domain_internal.h"

#include "base/clock.h"
#include "base/utf8.h"
#include "db/db.h"
#include "text/csv.h"
#include "text/unicode.h"

#include <stdlib.h>

enum { COLUMNS = 6, WHY_MAX = 100, PORTION = 500, EXPORT_BYTES_MAX = 64 * 1024 * 1024 };

static const char *const columns[COLUMNS] = { "domain", "severity", "reject_media", "reject_reports", "public_comment",
    "obfuscate" };
enum { COL_DOMAIN, COL_SEVERITY, COL_MEDIA, COL_REPORTS, COL_COMMENT, COL_OBFUSCATE };

/* ---- reading --------------------------------------------------------------------------------------------------------- */

struct reading {
    int at[COLUMNS]; /* cell of each column, -1: not there */
    bool dry_run;
    struct domain_policies known; /* by name */
    struct domain_import *out;
    struct domain_policy *todo;
    size_t n_todo;
};

static struct str
cell(const struct reading *r, const struct csv_row *row, int column)
{
    return r->at[column] < 0 || (size_t)r->at[column] >= row->n ? S("") : str_trim(row->v[r->at[column]]);
}

/* The first line names the columns, with or without "#"; without such a line the first cell is the domain. */
static bool
read_head(struct reading *r, const struct csv_row *row)
{
    bool found = false;

    for (int i = 0; i < COLUMNS; i++)
        r->at[i] = -1;
    for (size_t k = 0; k < row->n; k++) {
        struct str name = str_trim(row->v[k]);

        if (str_starts(name, S("#")))
            name = str_sub(name, 1, name.n);
        for (int i = 0; i < COLUMNS; i++)
            if (str_eqz(name, columns[i]) && r->at[i] < 0) {
                r->at[i] = (int)k;
                found = true;
            }
    }
    if (r->at[COL_DOMAIN] < 0)
        r->at[COL_DOMAIN] = 0;
    return found;
}

static bool
is_true(struct str s)
{
    return str_eqi(s, S("true")) || str_eqz(s, "1") || str_eqi(s, S("yes"));
}

static void
refuse(struct ctx *c, struct reading *r, struct str domain, struct str why)
{
    r->out->refused++;
    if (r->out->why.n < WHY_MAX)
        r->out->why.v[r->out->why.n++] = str_fmt(c->mem, "%.*s: %.*s", (int)MIN(domain.n, 200), domain.p, STR_ARG(why));
}

static int
by_domain(const void *key, const void *item)
{
    return str_cmp(*(const struct str *)key, ((const struct domain_policy *)item)->domain);
}

/* The stricter of both in everything. */
static bool
merge(const struct domain_policy *old, struct domain_policy *p)
{
    *p = (struct domain_policy){ .domain = old->domain,
        .severity = MAX(old->severity, p->severity),
        .reject_media = old->reject_media || p->reject_media,
        .reject_reports = old->reject_reports || p->reject_reports,
        .obfuscate = old->obfuscate,
        .created_ms = old->created_ms,
        .private_comment = old->private_comment,
        .public_comment = old->public_comment.n > 0 ? old->public_comment : p->public_comment };
    return p->severity != old->severity || p->reject_media != old->reject_media ||
           p->reject_reports != old->reject_reports;
}

static enum err
read_severity(struct str s, enum domain_severity *out)
{
    *out = DOMAIN_SUSPEND; /* a bare list of names is one of servers to block */
    for (int i = 0; domain_severity_names[i] != NULL; i++)
        if (str_eqz(s, domain_severity_names[i])) {
            *out = (enum domain_severity)i;
            return ERR_OK;
        }
    return s.n == 0 ? ERR_OK : ERR_INVALID;
}

static enum err
take_row(struct ctx *c, struct reading *r, const struct csv_row *row)
{
    struct domain_policy p = { .private_comment = S(""), .created_ms = clock_ms() };
    struct str domain = cell(r, row, COL_DOMAIN);
    const struct domain_policy *old;
    enum err e = domain_normal(c, domain, &p.domain);

    if (e != ERR_OK) {
        refuse(c, r, domain, c->fail.detail);
        ctx_ok(c);
        return e == ERR_INVALID ? ERR_OK : e;
    }
    p.public_comment = text_grapheme_cut(text_one_line(c->mem, cell(r, row, COL_COMMENT)), DOMAIN_COMMENT_CHARS_MAX);
    if (read_severity(cell(r, row, COL_SEVERITY), &p.severity) != ERR_OK || !utf8_valid(p.public_comment)) {
        refuse(c, r, domain, S("not such a row"));
        return ERR_OK;
    }
    p.reject_media = is_true(cell(r, row, COL_MEDIA));
    p.reject_reports = is_true(cell(r, row, COL_REPORTS));
    p.obfuscate = is_true(cell(r, row, COL_OBFUSCATE));
    old = r->known.n == 0 ? NULL : bsearch(&p.domain, r->known.v, r->known.n, sizeof(r->known.v[0]), by_domain);
    if (old != NULL && !merge(old, &p)) {
        r->out->same++;
        return ERR_OK;
    }
    *(old != NULL ? &r->out->changed : &r->out->added) += 1;
    r->todo[r->n_todo++] = p;
    return ERR_OK;
}

static int
by_name(const void *a, const void *b)
{
    return str_cmp(((const struct domain_policy *)a)->domain, ((const struct domain_policy *)b)->domain);
}

static enum err
store(struct ctx *c, const struct reading *r)
{
    for (size_t i = 0; i < r->n_todo; i += PORTION) {
        TRY(db_begin(c, DB_WRITE));
        for (size_t k = i; k < MIN(i + PORTION, r->n_todo); k++)
            TRY(store_domain_policy_put(c, &r->todo[k]));
        if (i + PORTION < r->n_todo)
            TRY(db_commit(c));
    }
    return domain_finish(c, S(""), DOMAIN_NOW);
}

enum err
service_domain_import(struct ctx *c, struct str csv, bool dry_run, struct domain_import *out)
{
    struct reading r = { .dry_run = dry_run, .out = out };
    struct str rest = csv_begin(csv), count = rest;
    struct csv_row row;
    size_t lines = 0;
    bool first = true;

    *out = (struct domain_import){ .why = { arena_vec(c->mem, struct str, WHY_MAX), 0 } };
    if (!utf8_valid(csv))
        return ctx_fail_public(c, ERR_INVALID, "The file is not UTF-8");
    for (size_t i = 0; i < count.n; i++)
        lines += count.p[i] == '\n';
    if (lines > DOMAIN_POLICIES_MAX)
        return ctx_fail_public(c, ERR_INVALID, "The file has more than %d lines", DOMAIN_POLICIES_MAX);
    TRY(store_domain_policy_list(c, &r.known));
    if (r.known.n > 0)
        qsort(r.known.v, r.known.n, sizeof(r.known.v[0]), by_name); /* the database may sort by another alphabet */
    r.todo = arena_vec(c->mem, struct domain_policy, lines + 1);
    while (csv_next(c->mem, &rest, &row)) {
        bool head = first && read_head(&r, &row);

        first = false;
        if (!head && row.n > 0)
            TRY(take_row(c, &r, &row));
    }
    if (r.known.n + (size_t)out->added > DOMAIN_POLICIES_MAX)
        return ctx_fail_public(c, ERR_INVALID, "There are at most %d policies", DOMAIN_POLICIES_MAX);
    return dry_run || r.n_todo == 0 ? ERR_OK : store(c, &r);
}

/* ---- writing --------------------------------------------------------------------------------------------------------- */

enum err
service_domain_export(struct ctx *c, struct str *csv)
{
    struct str head[COLUMNS];
    struct domain_policies all;
    struct buf b;

    TRY(store_domain_policy_list(c, &all));
    for (int i = 0; i < COLUMNS; i++)
        head[i] = str_cat(c->mem, S("#"), str_z(columns[i]), STR_NONE);
    buf_init(&b, c->mem, EXPORT_BYTES_MAX);
    csv_put(&b, head, COLUMNS);
    for (size_t i = 0; i < all.n; i++) {
        const struct domain_policy *p = &all.v[i];
        const struct str cells[COLUMNS] = { p->domain, str_z(domain_severity_names[p->severity]),
            p->reject_media ? S("true") : S("false"), p->reject_reports ? S("true") : S("false"), p->public_comment,
            p->obfuscate ? S("true") : S("false") };

        csv_put(&b, cells, COLUMNS);
    }
    if (b.full)
        return ctx_fail(c, ERR_TOO_LARGE, "export of policies");
    *csv = buf_str(&b);
    return ERR_OK;
}
