"""Attacks by number: each has a test of its own in the file that lists them, or names the tests elsewhere that are about it."""
import re

from server import ROOT


def names_of(path):
    """The tests that a file of either language defines."""
    text = (ROOT / path).read_text(encoding="utf-8")
    return set(re.findall(r"^def (test_\w+)\(" if path.endswith(".py") else r"^UNIT(?:_DB)?\((\w+)\)", text, re.M))


def check_every_number(numbers, elsewhere, here):
    """numbers: all of them.  elsewhere: {number: {file: "test test"}}.  here: the names of the calling file, with tests called test_61_74_…"""
    own = {int(n) for name in here if name.startswith("test_") for n in re.match(r"test_((?:\d+_)*)", name)[1].split("_") if n}
    assert own <= set(numbers)
    missing = [n for n in numbers if n not in own and n not in elsewhere]
    assert not missing, f"nothing tests {missing}"
    gone = [f"{n}: {path}: {test}" for n, files in elsewhere.items() for path, tests in files.items() for test in set(tests.split()) - names_of(path)]
    assert not gone, "\n".join(["named, but not there:"] + gone)
