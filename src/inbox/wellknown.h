/* What is open to everybody. */
#ifndef INBOX_WELLKNOWN_H
#define INBOX_WELLKNOWN_H

#include "http/route.h"

/* Adds /.well-known/webfinger, whose failures may be cached. */
void document_webfinger_routes(struct router *r);
NODISCARD enum err document_site_actor(struct ctx *c, struct req *r);
NODISCARD enum err document_site_outbox(struct ctx *c, struct req *r);

#endif
