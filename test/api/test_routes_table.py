"""Our routes against the published table of the client API: `dassie routes --json` and ../shared/api/routes.tsv.

A route of ours that contradicts its row, or that no row knows, fails, and so does a row that is not served and not in LATER.
"""
import csv
import json
import os
import pathlib
import re
import subprocess

import pytest
from server import BINARY
from timing import PATIENCE

SHARED = pathlib.Path(os.environ.get("DASSIE_SHARED") or pathlib.Path(__file__).resolve().parents[3] / "shared")
TABLE = SHARED / "api/routes.tsv"
pytestmark = pytest.mark.skipif(not TABLE.is_file(), reason="no table of routes")


def shape(path):
    """The path without the names of its parameters, and without the extension that chooses a format."""
    return re.sub(r":\w+", ":", path)


def read_rows(path):
    with path.open(encoding="utf-8", newline="") as f:
        rows = list(csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE))
    return {(method, shape(row["path"])): row for row in rows for method in row["method"].split("/")}


def read_table():
    return read_rows(TABLE)


def read_own():
    """What goes beyond the published table, in the same columns."""
    return read_rows(pathlib.Path(__file__).with_name("own-routes.tsv"))


def read_ours():
    p = subprocess.run([BINARY, "routes", "--json"], capture_output=True, text=True, timeout=PATIENCE, check=True)
    return {(r["method"], shape(r["path"])): r for r in json.loads(p.stdout)}


def required(auth):
    """Who may call, as one of the values that fit, and the scopes of which one suffices (None: the table does not say)."""
    base, note = re.match(r"([^(]*)(\(.*\))?$", auth).groups()
    scopes = set(re.findall(r"\b(?:read|write|admin|push|profile|follow)\b(?::[\w:]+)?", base.split(":", 1)[1])) if ":" in base else set()
    if base.startswith("public"):
        return {"anyone"}, scopes
    if base.startswith("user:") or base.strip() == "user":
        return ({"any_user"} if note and "scope" not in note else {"user"}), scopes
    if base.startswith("token:"):
        return {"app", "user"}, scopes
    if base.startswith("app"):
        return {"app"}, scopes
    if base.startswith("role + "):
        return {"user"}, set(re.findall(r"admin:[\w:]+", base))
    return {"anyone", "user"}, None  # sessions, client credentials, signatures: no bearer token to compare


@pytest.fixture(scope="module")
def table():
    return read_table()


@pytest.fixture(scope="module")
def ours():
    return read_ours()


def test_every_form_of_the_column_is_understood():
    assert required("public") == ({"anyone"}, set())
    assert required("public; if token: read:statuses") == ({"anyone"}, {"read:statuses"})
    assert required("user: profile,read:accounts") == ({"user"}, {"profile", "read:accounts"})
    assert required("user (any scope)") == ({"user"}, set())
    assert required("user: push") == ({"user"}, {"push"})
    assert required("user: write:accounts (only the app that registered)") == ({"any_user"}, {"write:accounts"})
    assert required("token: read:statuses") == ({"app", "user"}, {"read:statuses"})
    assert required("app or user token (any scope)") == ({"app"}, set())
    assert required("app token: write:accounts") == ({"app"}, {"write:accounts"})
    assert required("role + admin:write:ip_blocks") == ({"user"}, {"admin:write:ip_blocks"})
    assert required("web session")[1] is None


def test_no_route_contradicts_the_table(table, ours):
    wrong = []
    known = read_own() | table
    for key, route in sorted(ours.items()):
        row = known.get(key)
        if row is None:
            if route["path"].startswith(("/api/", "/oauth/")):
                wrong.append(f"{key}: no row of the table")
            continue
        who, scopes = required(row["auth"])
        if route["who"] not in who:
            wrong.append(f"{key}: {route['who']} may call it; the table says {row['auth']}")
        if scopes is not None and set(route["scope"].split()) != scopes:
            wrong.append(f"{key}: scope {route['scope'] or 'none'}; the table says {row['auth']}")
    assert not wrong, "\n".join(wrong)


def test_own_routes_are_not_in_the_published_table_and_are_served(table, ours):
    own = set(read_own())
    assert not own & set(table)
    assert not own - set(ours)


# Areas and rows that are no part of what apps call.
LATER = {
    "Admin": "comes with the pages and tools of moderators",
    "Web-UI internal": "belongs to Mastodon's own web client: it has a session and no token",
    "FASP": "a protocol between servers, experimental in Mastodon",
    "GET /api/v1/streaming/*": "every stream has its own route; what is none is 404, as on a server that streams itself",
    "GET /.well-known/proxy": "leads to the web client's page for addresses",
}


def test_every_row_is_served(table, ours):
    missing = [f"{method} {row['path']} ({row['area']})" for (method, path), row in sorted(table.items())
               if (method, path) not in ours and not f"{row['area']}".startswith(tuple(LATER)) and f"{method} {row['path']}" not in LATER]
    assert not missing, "\n".join(missing)
    served = len(set(table) & set(ours))
    print(f"{served} of {len(table)} methods of the table are served")
