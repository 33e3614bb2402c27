"""A running dassie: its process, configuration, log, clock and people."""
import contextlib
import datetime
import json
import os
import pathlib
import re
import secrets
import shutil
import signal
import socket
import sqlite3
import subprocess
import time

import requests
from api import Api
from logfmt import Log
from postgres import query
from timing import PATIENCE

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BINARY = os.environ.get("DASSIE_BIN") or str(ROOT / "build/dbg/dassie")
SCOPES = "read write follow push"
# Jobs that come again and again: there is always one that waits.
CRONS = ", ".join(f"'{name.lower()}'" for name in re.findall(r"^CRON\((\w+),", (ROOT / "src/queue/cron.def").read_text(), re.M))
# What was put in the queue to be done at once, and is not, or is being done (which would say when it comes again by a clock that has moved); a
# job that failed and waits for its next try is another thing.
DUE = f"SELECT id, state, tries FROM job WHERE state = 0 AND tries = 0 AND run_at_ms <= created_ms + 1000 AND kind NOT IN ({CRONS}) OR state = 1 AND tries <= 1"
WAKING = {("user", "delete"), ("deliveries", "retry"), ("domain", "block"), ("domain", "purge"), ("relay", "add"), ("relay", "remove"), ("keys", "rotate")}
OPEN = {"registrations": "open", "confirm_email": "no", "rate_limits": "off"}  # how anybody may sign up, again and again


def free_port():
    """A port for those who must know it before they listen: below those that the system gives to connections, so that none takes it."""
    while True:
        port = 12000 + secrets.randbelow(20000)
        with socket.socket() as s, contextlib.suppress(OSError):
            s.bind(("127.0.0.1", port))
            return port


class Server:
    """One `dassie serve` in a folder of its own.  Use as a context manager or call start() and stop().

    root      folder for configuration, data and log
    database  None for SQLite, else a postgresql:// URL
    keys      configuration; a list gives several lines, None removes a default of the tests
    """

    def __init__(self, root, database=None, **keys):
        self.root = pathlib.Path(root)
        self.root.mkdir(parents=True, exist_ok=True)
        self.config = {
            "url": "http://a.test", "listen": "127.0.0.1:0", "data_dir": self.root / "data", "test_clock": "yes", "log_level": "debug",
            "federation_http": "yes", "allow_networks": "127.0.0.0/8", "registrations": "open", "confirm_email": "no",
            "rate_limits": "off", "workers": 4, "loops": 1, "database": database,
        } | keys
        self.url = self.config["url"].rstrip("/")
        self.host = self.url.split("://")[1]
        self.process = self.log = self.base = None
        self.expected_faults, self.apps = 0, {}
        self.left = None  # jobs that the process before had begun and not ended: their time comes when their lease ends

    def __enter__(self):
        return self.start()

    def __exit__(self, kind, value, trace):
        self.stop() if kind is None else self.kill()

    def write_config(self):
        lines = []
        for key, value in self.config.items():
            for v in value if isinstance(value, (list, tuple)) else [value]:
                if v is not None:
                    lines.append(f"{key} {v}\n")
        path = self.root / "dassie.conf"
        path.write_text("".join(lines), encoding="utf-8")
        return path

    def start(self, timeout=PATIENCE):
        assert self.process is None, "already running"
        self.left = set() if self.left is None else {row[0] for row in self.query("SELECT id FROM job WHERE state = 1")}
        self.process = subprocess.Popen([BINARY, "serve", "--config", self.write_config()], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=self.root)
        self.log = Log(self.process.stderr, open(self.root / "log", "ab"))
        addr = self.log.wait("server.listen", timeout, addr=re.compile(r"[\d.]+:\d+"))["addr"]
        self.base = "http://" + addr
        return self

    def stop(self, timeout=PATIENCE):
        """Ask it to end and insist that it does so cleanly."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            stacks = self._stacks()
            self.kill()
            raise AssertionError(f"did not end within {timeout} s of SIGTERM; its threads:\n{stacks}") from None
        self._reap()
        assert status == 0, f"exit status {status}\n" + "\n".join(self.log.lines[-40:])
        self.check_faults()

    def _stacks(self):
        """Where each thread is, as far as the tools of this machine tell."""
        pid = self.process.pid
        if shutil.which("gdb"):
            return subprocess.run(["gdb", "-p", str(pid), "-batch", "-ex", "thread apply all bt 20"], stdin=subprocess.DEVNULL, capture_output=True,
                                  text=True, timeout=PATIENCE).stdout
        return "\n".join(f"{t.name} {(t / 'comm').read_text().strip()} {(t / 'wchan').read_text()}" for t in pathlib.Path(f"/proc/{pid}/task").iterdir())

    def kill(self):
        """kill -9, as a power cut would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self._reap()

    def _reap(self):
        self.log.thread.join(PATIENCE)
        self.process.stderr.close()
        self.process = None

    def cpu(self):
        """Seconds that it has computed so far: what something costs, however busy the machine is."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def restart(self):
        self.stop()
        return self.start()

    def check_faults(self):
        faults = self.log.faults()
        assert len(faults) <= self.expected_faults, "the server reported faults:\n" + "\n".join(faults[:30])

    # --- waiting and time ---

    def mark(self):
        return self.log.mark()

    def wait_log(self, event, timeout=PATIENCE, since=0, **fields):
        return self.log.wait(event, timeout, since, **fields)

    def wait_until(self, what, timeout=PATIENCE):
        """Look whenever the log grows (and four times a second), until what() is true; its value.

        As much time passes between two looks as one takes: they make lines of the log themselves, and whoever waits must not be the load.
        """
        end = time.monotonic() + timeout
        while True:
            begin, mark = time.monotonic(), self.mark()
            if found := what():
                return found
            now = time.monotonic()
            if now >= end:
                raise AssertionError(f"not within {timeout} s; the log ends with\n" + "\n".join(self.log.lines[-25:]))
            time.sleep(min(max(now - begin, 0.01), end - now))
            self.log.wait_line(mark, min(end - now, 0.25))

    def wait_notification(self, api, kind, acct):
        """Until somebody has been told of something by acct, or would be if the policy for strangers did not keep it back."""
        return self.wait_until(lambda: [n for n in api.notifications(types=[kind], include_filtered=True) if n["account"]["acct"] == acct])[0]

    def wait_told(self):
        """Until timelines, notifications and streams have everything that was posted: posts are told side by side, so one may overtake another."""
        self.wait_until(lambda: not self.query("SELECT 1 FROM job WHERE kind = 'fan_out' AND state < 2"))

    def shift_clock(self, ms=0, *, seconds=0, minutes=0, hours=0, days=0):
        """Move the server's clock, when what is due now is done; everything that became due runs."""
        ms += 1000 * (seconds + 60 * (minutes + 60 * (hours + 24 * days)))
        if ms > 0:  # or what a test did a moment ago would happen an hour later
            end, seen, idle_at = time.monotonic() + PATIENCE, None, 0
            while due := {row for row in self.query(DUE) if row[0] not in self.left}:
                now = time.monotonic()
                if due != seen:
                    seen, idle_at = due, now + 5
                if now >= min(idle_at, end):  # nothing begins or ends: a job may wait for somebody who never answers
                    break
                time.sleep(0.02)
        self._clock(int(ms))

    def now(self):
        """The time that its clock shows."""
        return self._clock(0)

    def _clock(self, shift_ms):
        r = requests.post(self.base + "/test/clock", json={"shift_ms": shift_ms}, headers={"Host": self.host}, timeout=PATIENCE)
        assert r.status_code == 200, r.text
        return datetime.datetime.fromisoformat(r.json()["now"].replace("Z", "+00:00"))

    def shift_to_midnight(self):
        """Move the clock to just after the next midnight (UTC).  There every window of a rate limit begins: none ends while a test counts."""
        now = self.now()
        midnight = now.replace(hour=0, minute=0, second=1, microsecond=0) + datetime.timedelta(days=1)
        self.shift_clock((midnight - now) / datetime.timedelta(milliseconds=1))

    def query(self, sql, *args):
        """Rows of the server's database, for looking behind its back; placeholders are ?."""
        url = self.config["database"] or f"sqlite:{self.config['data_dir']}/dassie.db"
        if url.startswith("sqlite:"):
            db = sqlite3.connect(f"file:{url.removeprefix('sqlite:')}?mode=ro", uri=True, timeout=PATIENCE)
            try:
                return db.execute(sql, args).fetchall()
            finally:
                db.close()
        for a in args:
            sql = sql.replace("?", str(a) if isinstance(a, int) else "'" + str(a).replace("'", "''") + "'", 1)
        return query(url, sql)

    def unfinished(self):
        """Jobs and deliveries that are still to be done, in words; without those planned for later from the beginning.

        "job KIND TRIES ERROR" and "delivery INBOX TRIES ERROR", with "runs" instead of the tries while somebody is at it.
        """
        return [" ".join(map(str, row)) for row in self.query(  # one statement sees one moment: what a delivery brings about is a job
            "SELECT 'job', kind, CASE state WHEN 1 THEN 'runs' ELSE CAST(tries AS TEXT) END, last_error FROM job WHERE state < 2 "
            f"AND kind NOT IN ({CRONS}) AND NOT (state = 0 AND tries = 0 AND run_at_ms > created_ms + 60000) UNION ALL "
            "SELECT 'delivery', inbox, CASE WHEN lease_until_ms > 0 THEN 'runs' ELSE CAST(tries AS TEXT) END, last_error FROM delivery "
            "WHERE state = 0")]

    def done(self):
        """How often it has tried jobs and deliveries since it started, by how they ended: this changes when it has done anything."""
        text = requests.get(self.base + "/metrics", timeout=PATIENCE).text
        return re.findall(r"^dassie_(?:jobs|deliveries)_total\S* (\S+)$", text, re.M)

    # --- the command line and people ---

    def cli(self, *args, status=0, stdin=None):
        """Run `dassie ARGS` with this server's configuration; what it printed on stdout."""
        p = subprocess.run([BINARY, *map(str, args), "--config", self.write_config()], input=stdin, capture_output=True, text=True,
                           timeout=PATIENCE, cwd=self.root)
        assert p.returncode == status, f"dassie {' '.join(map(str, args))}: exit status {p.returncode}\n{p.stdout}{p.stderr}"
        if self.process and self.config["test_clock"] == "yes" and args[:2] in WAKING:
            self.shift_clock(0)  # it looks for work of other processes each five seconds
        return p.stdout

    def token(self, name, scopes=SCOPES):
        return self.cli("token", "create", name, "--scopes", scopes).strip()

    def api(self, token=None):
        return Api(self.base, host=self.host, token=token)

    def user(self, name=None, role=None, scopes=SCOPES):
        """A new confirmed user; the API as that user, with .name .email .password .id."""
        name = name or "u" + secrets.token_hex(5)
        email, password = f"{name}@mail.test", secrets.token_urlsafe(12)
        sign_up = role is None and "write" in scopes.split() and {k: str(self.config[k]) for k in OPEN} == OPEN
        api = self.api((self._sign_up if sign_up else self._create)(name, email, password, role, scopes))
        api.name, api.email, api.password = name, email, password
        api.acct = f"{name}@{self.host}"
        api.id = api.get("/api/v1/accounts/verify_credentials")["id"]
        return api

    def _create(self, name, email, password, role, scopes):
        args = ["user", "create", name, "--email", email, "--password", password, "--confirmed", "--approved"]
        self.cli(*args, *(["--role", role] if role else []))
        return self.token(name, scopes)

    def _sign_up(self, name, email, password, _, scopes):
        """As people do it, which starts no program."""
        api = self.api()
        if scopes not in self.apps:
            self.apps[scopes] = api.app_token("dassie token create", scopes)
        person = {"username": name, "email": email, "password": password, "agreement": True, "locale": "en"}
        return self.api(self.apps[scopes]).post("/api/v1/accounts", person)["access_token"]

    def routes(self):
        return json.loads(self.cli("routes", "--json"))
