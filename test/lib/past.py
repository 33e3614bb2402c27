"""Old posts of a Remote: threads with collections of replies, outboxes, pins; everything dated back, as if it had been there all along."""
import datetime

from remote import CONTEXT

AP_COLLECTION = {"@context": CONTEXT}


def ago(**kw):
    """A time in the past, as ActivityPub writes it."""
    return (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(**kw)).strftime("%Y-%m-%dT%H:%M:%SZ")


class Past:
    """post() makes posts; publish() gives each its collection of replies.  Nothing is sent to anybody."""

    def __init__(self, far, page=10):
        self.far, self.page, self.posts, self.parents = far, page, {}, {}

    def post(self, who, text="", parent=None, minutes=24 * 60, **more):
        """parent: a note, or the id of one."""
        uri = parent["id"] if isinstance(parent, dict) else parent
        note = who.note(f"<p>{text or 'old'}</p>", published=ago(minutes=minutes, seconds=-len(self.posts)), **({"inReplyTo": uri} if uri else {}), **more)
        self.posts[note["id"]] = note
        self.parents.setdefault(uri, []).append(note["id"])
        return note

    def publish(self, *notes):
        """Collections of replies in pages, for these notes or all; the notes name them."""
        for note in notes or list(self.posts.values()):
            uri = note["id"] + "/replies"
            children = self.parents.get(note["id"], [])
            note["replies"] = uri
            if "other.test" in uri:  # as the most common server writes it: own replies inside, the rest on pages
                own = [c for c in children if self.posts[c]["attributedTo"] == note["attributedTo"]][:5]
                note["replies"] = {"id": uri, "type": "Collection", "first": {"type": "CollectionPage", "partOf": uri, "items": own, "next": uri + "?page=0"}}
            self.collection(uri, children)
            self.far.documents[note["id"]] = {"@context": CONTEXT} | note

    def collection(self, uri, items, **more):
        """A collection at uri, with its items in pages of its own."""
        parts = [items[i:i + self.page] for i in range(0, len(items), self.page)] or [[]]
        for i, part in enumerate(parts):
            doc = AP_COLLECTION | {"id": f"{uri}?page={i}", "type": "OrderedCollectionPage", "partOf": uri, "orderedItems": part}
            if i + 1 < len(parts):
                doc["next"] = f"{uri}?page={i + 1}"
            self.far.answer(doc["id"], doc)
        self.far.answer(uri, AP_COLLECTION | {"id": uri, "type": "OrderedCollection", "totalItems": len(items), "first": f"{uri}?page=0"} | more)

    def asked(self, note):
        return self.far.asked[note["id"] if isinstance(note, dict) else note]

