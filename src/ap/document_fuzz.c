/* Any bytes as a document, and the document as everything that it could be. */
#include "ap/check.h"
#include "ap/proof.h"
#include "ap/read_collection.h"
#include "ap/read_featured.h"
#include "ap/webfinger.h"
#include "base/arena.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
read_all(struct arena *a, const struct val *doc)
{
    static const struct ap_rules rules = { { "https://social.example", 22 }, true };
    const struct ap_note_hints hints = { .origin = rules.origin, .now_ms = INT64_C(1783425600000) };
    const char *why;
    struct ap_actor actor;
    struct ap_note note;
    struct ap_activity act;
    struct ap_collection coll;
    struct ap_featured featured;
    struct ap_stamp stamp;
    struct ap_key *keys;
    struct ap_proof proof;
    size_t n;

    if (ap_actor_read(a, doc, hints.now_ms, &actor, &why) == ERR_OK) {
        CHECK(actor.id.n > 0 && actor.inbox.n > 0);
        (void)!ap_actor_check(a, &rules, &actor, &why);
    }
    if (ap_note_read(a, doc, &hints, &note, &why) == ERR_OK) {
        CHECK(note.id.n > 0 && note.attributed_to.n > 0);
        CHECK(note.visibility != VIS_PUBLIC || note.to.n > 0);
        (void)!ap_note_check(a, &rules, &note, &why);
    }
    if (ap_activity_read(a, doc, hints.now_ms, &act, &why) == ERR_OK) {
        CHECK(act.actor.n > 0);
        (void)!ap_activity_check(a, &rules, &act, &why);
        (void)ap_embedded_is_trusted(a, act.object_val, act.actor);
        CHECK(ap_flag_targets(a, &act, 20).n <= 20);
    }
    (void)!ap_collection_read(a, doc, &coll, &why);
    if (ap_featured_read(a, doc, hints.now_ms, &featured, &why) == ERR_OK)
        CHECK(featured.id.n > 0 && featured.n <= AP_FEATURED_ITEMS_MAX);
    (void)!ap_stamp_read(a, doc, &stamp, &why);
    (void)!ap_keys_read(a, doc, &keys, &n, &why);
    (void)ap_proof_read(a, doc, hints.now_ms, &proof, &why);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena *a = arena_new_heap();
    struct str bytes = { (const char *)data, n };
    const struct val *doc;
    struct str template;
    struct ap_jrd jrd;
    const char *why;

    if (ap_doc_parse(a, bytes, AP_DOC_ANY, &doc, &why) == ERR_OK)
        read_all(a, doc);
    (void)!ap_jrd_read(a, bytes, &jrd, &why);
    (void)ap_host_meta_read(a, bytes, &template);
    arena_free(a);
    return 0;
}
