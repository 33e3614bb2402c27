/*
 * Ours as documents: accounts and statuses of the model made into the structs that ap/write_* turns into JSON.  The endpoints, the
 * federate job and the collections all use these, so that a thing looks the same wherever it is read.
 */
#ifndef SERVICE_DOCUMENT_H
#define SERVICE_DOCUMENT_H

#include "ap/write_activity.h"
#include "base/ctx.h"
#include "model/status.h"

struct ap_site service_site(const struct ctx *c);
/* URL of a stored file and its type, by its key; empty for an empty key. */
struct str service_document_file(struct ctx *c, struct str key);
struct str service_document_file_type(struct str key);

/* A local account, filled; with its keys. */
NODISCARD enum err service_document_actor(struct ctx *c, const struct account *a, struct ap_actor_out *out);
/* A local status that is no reblog, filled; out lives in c->mem and points into s. */
NODISCARD enum err service_document_note(struct ctx *c, const struct status *s, struct ap_note_out *out);
/* A local reblog, filled.  One of an own followers-only post has the post in it.  NOT_FOUND: the post went meanwhile, and the boost with it. */
NODISCARD enum err service_document_announce(struct ctx *c, const struct status *s, struct ap_announce_out *out);
/* Addressees of a local status, also of a reblog. */
NODISCARD enum err service_document_audience(struct ctx *c, const struct status *s, struct strs *to, struct strs *cc);
void service_document_emoji(struct ctx *c, const struct emoji_ref *e, struct ap_emoji_out *out);

#endif
