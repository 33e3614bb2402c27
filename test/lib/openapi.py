"""Compares recorded answers with the published schemas: openapi.py FOLDER.  Prints how many operations agree.

The checker and the schemas are reference data beside the repository; without them this is skipped.
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from fedpeer import SHARED, node

TEST = pathlib.Path(__file__).resolve().parent.parent
KNOWN = TEST / "api/openapi-known.txt"
# The schemas describe few of the errors that Mastodon sends, and ask for `details`, which only sign-up has.
ERRORS = re.compile(r"\S+ \S+ (status 4\d\d not described|422:  must have required property 'details') *$")


def repaired(schema, folder):
    """The schemas without two faults.

    Whatever is a Quote is a ShallowQuote as well, as only `state` is required, so "exactly one" never holds.  Addresses that a page
    does not tell are empty texts in a PreviewCard, on every server.
    """
    doc = json.loads(schema.read_text(encoding="utf-8"))
    for entity in ("Status", "StatusEdit"):
        quote = doc["components"]["schemas"][entity]["properties"]["quote"]
        if "oneOf" in quote:
            quote["anyOf"] = quote.pop("oneOf")
    addresses = ("author_url", "embed_url", "provider_url")
    for entity, names in (("PreviewCard", addresses), ("TrendsLink", addresses), ("PreviewCardAuthor", ("url",))):
        for name in names:
            doc["components"]["schemas"][entity]["properties"][name].pop("format", None)
    path = pathlib.Path(folder) / "openapi.json"
    path.write_text(json.dumps(doc), encoding="utf-8")
    return path


def main():
    tool, schema = SHARED / "tools/openapi-check.mjs", SHARED / "api/openapi.json"
    if not tool.exists():
        print(f"{tool} is not here\n0 passed, 0 failed, 1 skipped")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        p = subprocess.run([node(), tool, repaired(schema, folder), os.path.abspath(sys.argv[1])], cwd=TEST, capture_output=True, text=True,
                           check=True)
    lines = p.stdout.splitlines()
    stat = json.loads(lines[0])
    known = [line for line in KNOWN.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    wrong = set()
    for line in lines[1:]:
        if "\t" not in line:
            continue
        text = line.split("\t", 1)[1]
        if not ERRORS.match(text) and not any(text.startswith(k) for k in known):
            print(text)
            wrong.add(" ".join(text.split()[:2]))
    print(f"{stat['stat']['ok']} answers agree; {stat['operations_seen']} of {stat['operations']} operations were seen")
    print(lines[-1])
    print(f"{stat['operations_seen'] - len(wrong)} passed, {len(wrong)} failed")
    return 1 if wrong or not stat["operations_seen"] else 0


if __name__ == "__main__":
    sys.exit(main())
