/* Frames over LISTEN and NOTIFY of the database that the processes share anyway. */
#include "hub/link.h"

#include "db/channel.h"

enum { IDENTIFIER_MAX = 63 };

/* dassie_social_example */
static void
channel_name(struct str server, char out[IDENTIFIER_MAX + 1])
{
    size_t n = (size_t)snprintf(out, IDENTIFIER_MAX + 1, "dassie_");

    for (size_t i = 0; i < server.n && n < IDENTIFIER_MAX; i++) {
        char c = server.p[i];

        out[n++] = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? c : '_';
    }
    out[n] = '\0';
}

static enum err
open_link(const struct link_target *t, void **out, char why[LINK_WHY_MAX])
{
    char name[IDENTIFIER_MAX + 1];
    struct db_channel *ch;

    channel_name(t->name, name);
    TRY(db_channel_open(t->db, name, &ch, why, LINK_WHY_MAX));
    *out = ch;
    return ERR_OK;
}

static int
link_fd(void *link)
{
    return db_channel_fd(link);
}

static enum err
send_frames(void *link, const struct str *frames, size_t n)
{
    return db_channel_send(link, frames, n);
}

static enum err
take_frames(void *link, link_fn fn, void *arg)
{
    return db_channel_take(link, fn, arg);
}

static void
close_link(void *link)
{
    db_channel_close(link);
}

const struct link_kind link_postgres = {
    .name = "postgresql",
    .frame_max = DB_CHANNEL_TEXT_MAX,
    .answers_bring = true,
    .open = open_link,
    .fd = link_fd,
    .send = send_frames,
    .take = take_frames,
    .close = close_link,
};
