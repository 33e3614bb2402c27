"""Reads the server's log: `2026-01-01T00:00:00.000Z info req=… ev=status.post id=7 text="with spaces"`."""
import re
import threading
import time

from timing import PATIENCE

PAIR = re.compile(r'([\w.]+)=("(?:[^"\\]|\\.)*"|\S*)')
ESCAPE = re.compile(r"\\(.)")
FAULT = re.compile(r"ERROR: \w+Sanitizer|WARNING: ThreadSanitizer|runtime error:|^BUG|Assertion .* failed")


def parse(line):
    """A line as a dict of strings with its level under "level"; lines of other shapes have no "ev"."""
    fields = {}
    for key, value in PAIR.findall(line):
        if value.startswith('"'):
            value = ESCAPE.sub(lambda m: {"n": "\n", "t": "\t", "r": "\r"}.get(m.group(1), m.group(1)), value[1:-1])
        fields[key] = value
    words = line.split(" ", 2)
    fields.setdefault("level", words[1] if len(words) > 1 else "")
    return fields


def matches(found, wanted):
    """Whether a parsed line has these fields; a wanted value may be a compiled pattern."""
    return all(k in found and (v.fullmatch(found[k]) if isinstance(v, re.Pattern) else found[k] == str(v)) for k, v in wanted.items())


class Log:
    """The log of one process, read by a thread; waiting wakes on each new line."""

    def __init__(self, stream, copy):
        self.lines = []
        self.closed = False
        self.changed = threading.Condition()
        self.thread = threading.Thread(target=self._read, args=(stream, copy), daemon=True)
        self.thread.start()

    def _read(self, stream, copy):
        with copy:
            for raw in stream:
                copy.write(raw)
                copy.flush()
                with self.changed:
                    self.lines.append(raw.decode("utf-8", "replace").rstrip("\n"))
                    self.changed.notify_all()
        with self.changed:
            self.closed = True
            self.changed.notify_all()

    def mark(self):
        """A place in the log, to wait for what comes after it."""
        with self.changed:
            return len(self.lines)

    def wait(self, event, timeout=PATIENCE, since=0, **fields):
        """The first line from `since` on with this event and these fields (a value, or a pattern for the whole of it).

        Fails at the deadline, or when the process has ended.
        """
        wanted, mark = fields | {"ev": event}, f"ev={event}"
        end, at = time.monotonic() + timeout, since
        with self.changed:
            while True:
                while at < len(self.lines):
                    line, at = self.lines[at], at + 1
                    if mark in line and matches(found := parse(line), wanted):  # most lines need not be parsed
                        return found
                left = end - time.monotonic()
                if left <= 0 or self.closed:
                    tail = "\n".join(self.lines[-25:])
                    raise AssertionError(f"no {wanted} in the log {'when the process ended' if self.closed else f'in {timeout} s'}:\n{tail}")
                self.changed.wait(left)

    def wait_line(self, since, timeout):
        """Until there is more than what stood at `since`; returns silently at the deadline."""
        with self.changed:
            self.changed.wait_for(lambda: len(self.lines) > since or self.closed, timeout)

    def count(self, event, since=0, **fields):
        with self.changed:
            parsed = [parse(line) for line in self.lines[since:] if f"ev={event}" in line]
        return sum(matches(p, fields | {"ev": event}) for p in parsed)

    def faults(self):
        """Lines that say that we are wrong: level error, and what sanitizers and assertions print."""
        with self.changed:
            return [line for line in self.lines if FAULT.search(line) or ("level=error" in line and parse(line)["level"] == "error")]
