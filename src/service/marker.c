/* How far the caller has read. */
#include "service/marker.h"

#include "db/db.h"

const char *const marker_names[] = { "home", "notifications", NULL };

enum err
service_marker_get(struct ctx *c, const bool wanted[MARKER_COUNT], struct marker *out[MARKER_COUNT])
{
    for (size_t i = 0; i < MARKER_COUNT; i++) {
        out[i] = NULL;
        if (wanted[i])
            TRY(store_marker_get(c, c->who.account_id, str_z(marker_names[i]), &out[i]));
    }
    return ERR_OK;
}

enum err
service_marker_put(struct ctx *c, const int64_t last_read_id[MARKER_COUNT], struct marker *out[MARKER_COUNT])
{
    TRY(db_begin(c, DB_WRITE));
    for (size_t i = 0; i < MARKER_COUNT; i++) {
        out[i] = NULL;
        if (last_read_id[i] == 0)
            continue;
        out[i] = arena_new(c->mem, struct marker);
        TRY(store_marker_put(c, c->who.account_id, str_z(marker_names[i]), last_read_id[i], out[i]));
    }
    return db_commit(c);
}
