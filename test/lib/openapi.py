"""Compares recorded answers with the published schemas: openapi.py FOLDER.  Prints how many operations agree.

The checker and the schemas are reference data beside the repository; without them this is skipped.
"""
import itertools
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


def parts(record, folder):
    """One folder for each processor.  What begins alike (/api/v1/statuses) stays together, so that each operation is in one only."""
    alike = {}
    for path in pathlib.Path(record).glob("*.json"):
        for answer in json.loads(path.read_text(encoding="utf-8")):
            text = json.dumps(answer)
            alike.setdefault("/".join(answer["path"].split("/")[:4]), {})[text] = len(text)
    found = [[0, pathlib.Path(folder) / f"part{i}", []] for i in range(os.cpu_count() or 1)]
    for answers in sorted(alike.values(), key=lambda a: -sum(a.values())):
        part = min(found, key=lambda p: p[0])
        part[0] += sum(answers.values())
        part[2] += answers
    for _, path, answers in found:
        path.mkdir()
        (path / "answers.json").write_text("[" + ",".join(answers) + "]", encoding="utf-8")
    return [path for _, path, _ in found]


def main():
    tool, schema = SHARED / "tools/openapi-check.mjs", SHARED / "api/openapi.json"
    if not tool.exists():
        print(f"{tool} is not here\n0 passed, 0 failed, 1 skipped")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        schema = repaired(schema, folder)
        checks = [subprocess.Popen([node(), tool, schema, part], cwd=TEST, stdout=subprocess.PIPE, text=True) for part in parts(sys.argv[1], folder)]
        outputs = [check.communicate()[0].splitlines() for check in checks]
        assert not any(check.returncode for check in checks), "the checker failed"
    stats = [json.loads(lines[0]) for lines in outputs]
    seen = sum(stat["operations_seen"] for stat in stats)
    known = [line for line in KNOWN.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    wrong = set()
    for line in itertools.chain.from_iterable(outputs):
        if "\t" not in line:
            continue
        text = line.split("\t", 1)[1]
        if not ERRORS.match(text) and not any(text.startswith(k) for k in known):
            print(text)
            wrong.add(" ".join(text.split()[:2]))
    print(f"{sum(stat['stat']['ok'] for stat in stats)} answers agree; {seen} of {stats[0]['operations']} operations were seen")
    for lines in outputs:
        print(lines[-1])
    print(f"{seen - len(wrong)} passed, {len(wrong)} failed")
    return 1 if wrong or not seen else 0


if __name__ == "__main__":
    sys.exit(main())
