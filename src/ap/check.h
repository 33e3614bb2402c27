/*
 * Who may say what: the ground rules G1 to G5 of FEDERATION.md as pure functions.  *why gets a literal that names the rule.
 */
#ifndef AP_CHECK_H
#define AP_CHECK_H

#include "ap/read_activity.h"
#include "ap/read_actor.h"
#include "ap/read_note.h"

struct ap_rules {
    struct str origin; /* ours */
    bool allow_http;   /* closed test networks: http ids are accepted */
};

/* https (or allowed http), well-formed, not ours.  Errors: INVALID, FORBIDDEN (ours). */
NODISCARD enum err ap_id_check(struct arena *a, const struct ap_rules *r, struct str id, const char **why);
/* Id strings equal, scheme and host in any case. */
bool ap_id_eq(struct arena *a, struct str x, struct str y);
/* Thing and owner share an origin (G3: the rules are in doc/design/ap.md). */
NODISCARD enum err ap_owner_check(struct arena *a, struct str id, struct str owner, const char **why);

enum ap_fetched {
    AP_FETCHED_OK,      /* believe the document */
    AP_FETCHED_REFETCH, /* fetch doc_id once more, then it must be OK */
    AP_FETCHED_REFUSE,
};
/* The document of id doc_id came from requested, after redirects from final.  first: this is the first hop. */
enum ap_fetched ap_fetched_check(struct arena *a, const struct ap_rules *r, struct str requested, struct str final,
    struct str doc_id, bool first, const char **why);
/* application/activity+json, or application/ld+json with the ActivityStreams profile. */
bool ap_media_type_is_ap(struct str content_type);
/* The same for a POST to an inbox: ld+json with or without profile. */
bool ap_media_type_is_ap_post(struct str content_type);

/* Id and inbox are foreign and https.  Keys that another actor owns or that lie on another origin are dropped from x.  Errors: INVALID, FORBIDDEN. */
NODISCARD enum err ap_actor_check(struct arena *a, const struct ap_rules *r, struct ap_actor *x, const char **why);
/* Foreign, id and author share an origin. */
NODISCARD enum err ap_note_check(struct arena *a, const struct ap_rules *r, const struct ap_note *x, const char **why);
/* Actor foreign, id (when there) on the actor's origin. */
NODISCARD enum err ap_activity_check(
    struct arena *a, const struct ap_rules *r, const struct ap_activity *x, const char **why);
/* May the embedded object be believed because the trusted owner said it?  Same origin and same owner, or no id at all (G4 d). */
bool ap_embedded_is_trusted(struct arena *a, const struct val *obj, struct str owner);

#endif
