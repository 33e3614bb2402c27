"""Every route of the API, called by everybody: the statuses, compared with api/matrix.tsv.

The calls are made from the table of routes; whoever adds a route adds its line, which DASSIE_MATRIX=write does:

    DASSIE_MATRIX=write ./dev api sqlite api/test_matrix.py

Each route is called without parameters but those of its path.  Columns: nobody; an app without a user; a token without the scope; a
user whose address is not confirmed; one who is suspended; a user, with ids that do not exist; and the same user with the ids of
somebody else's things, made before.
"""
import csv
import os
import pathlib
import re

from pictures import png
from test_signup import app_api
from timing import PATIENCE

TABLE = pathlib.Path(__file__).with_name("matrix.tsv")
COLUMNS = ["nobody", "app", "scope", "unconfirmed", "suspended", "user", "stranger"]
EVERY = "read write follow push profile admin:read admin:write"


def login(server, name, *options, scopes=EVERY):
    server.cli("user", "create", name, "--email", f"{name}@mail.test", *options)
    return server.api(server.token(name, scopes))


def things(server, owner):
    """Ids of what belongs to the owner and to nobody else: {path of a collection: {name of the parameter: id}}."""
    post = owner.toot("mine", visibility="private", poll={"options": ["a", "b"], "expires_in": 600})
    owner.toot("mine alone", visibility="direct")
    filter_ = owner.post("/api/v2/filters", {"title": "x", "context": ["home"], "keywords_attributes": [{"keyword": "x"}]})
    filtered = owner.post(f"/api/v2/filters/{filter_['id']}/statuses", {"status_id": post["id"]})
    lists = owner.post("/api/v1/lists", {"title": "x"})
    media = owner.request("POST", "/api/v2/media", files={"file": ("x.png", png())})
    found = {
        "statuses": {"id": post["id"], "status_id": post["id"]}, "polls": {"id": post["poll"]["id"], "poll_id": post["poll"]["id"]},
        "conversations": {"id": server.wait_until(lambda: owner.get("/api/v1/conversations"))[0]["id"]},
        "filters/keywords": {"id": filter_["keywords"][0]["id"]}, "filters/statuses": {"id": filtered["id"]},
        "filters": {"id": filter_["id"], "filter_id": filter_["id"]}, "lists": {"id": lists["id"], "list_id": lists["id"]},
        "media": {"id": media["id"]}, "sessions": {"id": owner.get("/api/v1/sessions")[0]["id"]},
        "invites": {"id": owner.post("/api/v1/invites", {})["id"]},
    }
    more = {"scheduled_statuses": ("/api/v1/statuses", {"status": "x", "scheduled_at": "2099-01-01T00:00:00Z"}),
            "drafts": ("/api/v1/drafts", {"posts": [{"status": "x"}]}), "bookmark_folders": ("/api/v1/bookmark_folders", {"title": "x"}),
            "featured_tags": ("/api/v1/featured_tags", {"name": "mine"}), "collections": ("/api/v1/collections", {"name": "x"})}
    for name, (path, body) in more.items():
        made = owner.post(path, body, expect=None)
        if owner.last.status_code == 200:
            made = made.get("collection", made)
            found[name] = {k: made["id"] for k in ("id", "folder_id", "draft_id", "collection_id")}
    return found


def fill(path, theirs):
    """The path with ids in it: those of somebody's things where there are any, else such as nothing has."""
    known = next((ids for name, ids in sorted(theirs.items(), key=lambda t: -len(t[0])) if re.match(rf"/api/v\d(_alpha)?/{name}/:", path)), {})
    path = re.sub(r":(\w+)", lambda m: known.get(m.group(1)) or ("1" if m.group(1).endswith("id") else "nothing"), path)
    return re.sub(r"\*\w*", "nothing", path)


def call(api, route, theirs):
    with api.http.request(route["method"], api.base + fill(route["path"], theirs), timeout=PATIENCE, allow_redirects=False, stream=True) as r:
        return r.status_code


def test_each_route_answers_everybody_as_the_table_says(own_server, sink_smtp):
    server = own_server(confirm_email="yes", smtp=sink_smtp)
    owner = login(server, "owner", "--confirmed", "--approved")
    callers = {"nobody": server.api(), "app": app_api(server, EVERY), "unconfirmed": login(server, "unconfirmed", "--approved"),
               "suspended": login(server, "suspended", "--confirmed", "--approved"),
               "user": login(server, "someone", "--confirmed", "--approved"),
               "stranger": login(server, "stranger", "--confirmed", "--approved")}
    server.cli("user", "suspend", "suspended")
    callers["suspended"] = server.api(server.token("suspended", EVERY))
    narrow = {scope: server.api(server.token("someone", scope)) for scope in ("push", "write:media")}
    theirs = things(server, owner)
    found = []
    for route in sorted((r for r in server.routes() if r["group"] in ("api", "stream")), key=lambda r: (r["path"], r["method"])):
        callers["scope"] = narrow["write:media" if "push" in route["scope"].split() else "push"]
        row = [str(call(callers[c], route, theirs if c == "stranger" else {})) for c in COLUMNS]
        found.append([route["method"], route["path"], *row])
    if os.environ.get("DASSIE_MATRIX") == "write":
        with TABLE.open("w", encoding="utf-8", newline="") as f:
            csv.writer(f, delimiter="\t", lineterminator="\n").writerows([["method", "path", *COLUMNS], *found])
    with TABLE.open(encoding="utf-8", newline="") as f:
        wanted = [row for row in csv.reader(f, delimiter="\t")][1:]
    assert found == wanted, "\n".join(
        ["", *(f"{' '.join(r)}" for r in found if r not in wanted), "instead of", *(f"{' '.join(r)}" for r in wanted if r not in found)])
    changed = [p for p in ("statuses", "lists", "filters", "media") if owner.request(
        "GET", f"/api/v{2 if p == 'filters' else 1}/{p}/{theirs[p]['id']}", None) is None or owner.last.status_code != 200]
    assert not changed, f"a stranger took {changed} away"


def test_the_table_makes_sense():
    """What must hold whatever a route does."""
    with TABLE.open(encoding="utf-8", newline="") as f:
        for row in csv.DictReader(f, delimiter="\t"):
            line = f"{row['method']} {row['path']}"
            assert all(int(row[c]) < 500 for c in COLUMNS), line
            if row["nobody"] == "401":
                assert row["unconfirmed"] != "200" or "emails" in line or "verify_credentials" in line, line
                assert row["suspended"] != "200" or "emails" in line or "verify_credentials" in line, line
            if row["method"] != "GET" and row["nobody"] == "401":
                assert row["app"] != "200" and row["scope"] in ("403", "422", "429") or "apps" in line, line
