/* How far people were told of their notifications by mail. */
#include "store/notification_mail.h"

#include "store/internal.h"

enum { Q_GET, Q_PUT, Q_WAITING, Q_COUNT };

static const struct db_sql sql[Q_COUNT] = {
    [Q_GET] = SQL("SELECT upto_id, sent_ms, day, sent_today FROM notification_mail WHERE user_id = $1"),
    [Q_PUT] = SQL("INSERT INTO notification_mail (user_id, upto_id, sent_ms, day, sent_today) VALUES ($1, $2, $3, $4, "
                  "$5) ON CONFLICT (user_id) DO UPDATE SET upto_id = $2, sent_ms = $3, day = $4, sent_today = $5"),
    [Q_WAITING] = SQL("SELECT m.account_id FROM membership m JOIN users u ON u.id = m.user_id "
                      "WHERE m.account_id IN {ids:$1} AND u.approved = FALSE"),
};
DB_STATEMENTS(store_notification_mail, sql);

enum err
store_mail_progress(struct ctx *c, int64_t user_id, struct mail_progress *out)
{
    const struct db_row *r;

    *out = (struct mail_progress){ 0 };
    TRY(db_maybe(c, &sql[Q_GET], DB_ARGS(D_INT(user_id)), &r));
    if (r != NULL)
        *out = (struct mail_progress){ db_int(r, 0), db_int(r, 1), db_int(r, 2), db_int(r, 3) };
    return ERR_OK;
}

enum err
store_mail_progress_put(struct ctx *c, int64_t user_id, const struct mail_progress *p)
{
    return db_exec(c, &sql[Q_PUT],
        DB_ARGS(D_INT(user_id), D_INT(p->upto_id), D_INT(p->sent_ms), D_INT(p->day), D_INT(p->sent_today)), NULL);
}

enum err
store_accounts_waiting(struct ctx *c, const struct ids *accounts, struct ids *out)
{
    struct ids asked = ids_new(c->mem, accounts->n);
    struct db_rows r;

    for (size_t i = 0; i < accounts->n; i++)
        ids_add(&asked, accounts->v[i]);
    ids_sort(&asked);
    TRY(db_query(c, &sql[Q_WAITING], DB_ARGS(D_IDS(asked.v, asked.n)), &r));
    *out = rows_ids(c->mem, &r);
    ids_sort(out);
    return ERR_OK;
}
