/* Media attachments. */
#ifndef STORE_MEDIA_H
#define STORE_MEDIA_H

#include "base/ctx.h"
#include "base/page.h"
#include "model/status.h"

NODISCARD enum err store_media_get(struct ctx *c, int64_t id, struct media_row **out); /* NOT_FOUND */
NODISCARD enum err store_media_insert(struct ctx *c, const struct media_row *m);
/* Everything but id, account, status and position. */
NODISCARD enum err store_media_update(struct ctx *c, const struct media_row *m);
/* Description and focus only, so that a job may write the rest at the same time. */
NODISCARD enum err store_media_describe(struct ctx *c, const struct media_row *m);
/* Read again, and nobody else writes it before the transaction ends.  NOT_FOUND. */
NODISCARD enum err store_media_lock(struct ctx *c, int64_t id, struct media_row **out);
/* Thumbnail and blurhash only. */
NODISCARD enum err store_media_set_thumb(struct ctx *c, const struct media_row *m);
/*
 * An upload that waited as `waiting` was decoded, or will never be: all but description and focus, and the waiting file goes to
 * dead_file; so does the thumbnail that was made when the row has one of its owner's.  *won is false when the row is gone or somebody else was first; nothing is written then.
 */
NODISCARD enum err store_media_finish(struct ctx *c, const struct media_row *m, struct str waiting, bool *won);
/* Delete a loose row; its files go to dead_file.  NOT_FOUND when it is attached or gone. */
NODISCARD enum err store_media_delete(struct ctx *c, int64_t id);
/* For store/status: tie s->media to the status in this order and let go of others; INVALID when one is not free. */
NODISCARD enum err store_media_attach(struct ctx *c, struct status *s);
/* For store/status: let go of all and mark their files dead. */
NODISCARD enum err store_media_release(struct ctx *c, int64_t status_id);
/* v sorted by id. */
NODISCARD enum err store_media_fill_statuses(struct ctx *c, struct status **v, size_t n);
/* What drafts hold, those of one after the other. */
NODISCARD enum err store_media_of_drafts(struct ctx *c, const struct ids *drafts, struct media_rows *out);
/* Loose rows that nothing holds, older than so: ids. */
NODISCARD enum err store_media_loose(struct ctx *c, int64_t before_ms, int64_t limit, struct ids *out);
/* All of an account, attached or not. */
NODISCARD enum err store_media_of_account(struct ctx *c, int64_t account_id, int64_t limit, struct ids *out);
/* Files whose rows are gone: put one, list some that are due, forget one after it was unlinked. */
NODISCARD enum err store_dead_file_put(struct ctx *c, struct str file);
/* A new file that dies at due_ms unless its row comes, and with it store_dead_file_forget, in one transaction. */
NODISCARD enum err store_dead_file_put_at(struct ctx *c, struct str file, int64_t due_ms);
NODISCARD enum err store_dead_file_list(struct ctx *c, int64_t limit, struct strs *out);
NODISCARD enum err store_dead_file_forget(struct ctx *c, struct str file);

#endif
