#!/usr/bin/python3
"""Figures of one binary on this machine; nothing fails here.  run.py BINARY [--seconds N] [--posts N] [--grow] [PART...]

`homes` builds homes of readers of every shape with 100,000 posts of 2,000 people; `big`, only when it is asked for, with 2,000,000 of 100,000.

A rate depends on the machine and on what else it does.  What can be compared are the ratios: each rate is set against a limit or a
peer measured in the same run.  "a core" is the work done with one second of the server's CPU time, so that the program that makes the
load, on the same cores, does not count.
"""
import argparse
import json
import os
import pathlib
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import textwrap
import time

os.environ["DASSIE_BIN"] = str(pathlib.Path(sys.argv[1]).resolve()) if len(sys.argv) > 1 else ""
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "lib"))

from fill import fill  # noqa: E402
from postgres import Postgres  # noqa: E402
from remote import Remote  # noqa: E402
from server import Server  # noqa: E402
from streams import measure as measure_streams  # noqa: E402

CLIENTS = 16
TICKS = os.sysconf("SC_CLK_TCK")
TEXT = ("A post of the length that people write when they have something to say, number {}: with a #tag, a link to "
        "https://example.org/some/where?it=is and enough words that the answer has the size of a real one. " + "And so on, and on. " * 6)
POST = """wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
local n = 0
function request()
  n = n + 1
  return wrk.format(nil, nil, nil, '{"status":"a post of the usual length, number ' .. n .. ', with a #tag and nothing else in it"}')
end
"""
REPLAY = """local requests, n, answered, total = {{}}, 0, 0, 0
for line in io.lines("{file}") do
  total = total + 1
  requests[total] = (line:gsub("\\\\n", "\\r\\n"))
end
function request()
  n = n % total + 1
  return requests[n]
end
function response()
  answered = answered + 1
  if answered >= total then wrk.thread:stop() end
end
"""


def say(name, figure, note=""):
    print(f"  {name:<44} {figure:>16}   {note}".rstrip(), flush=True)


def goal(value, wanted):
    return f"goal {wanted}: {'reached' if value >= wanted else 'missed'}"


def memory(pid):
    """Resident MiB and CPU seconds so far."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    times = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024, (int(times[11]) + int(times[12])) / TICKS


class Load:
    """What wrk did to a process: rate, CPU for each answer, answers for each CPU second, 99th percentile, refusals."""

    def __init__(self, pid, url, host=None, token=None, script=None, clients=CLIENTS, seconds=None, until=None):
        """until: ask this every now and then, and end when it is true."""
        with tempfile.NamedTemporaryFile("w", suffix=".lua") as lua:
            lua.write(script or "")
            lua.flush()
            command = ["wrk", "-t1", f"-c{clients}", f"-d{seconds or SECONDS}s", "--latency"]
            command += ["-H", f"Host: {host}"] if host else []
            command += ["-H", f"Authorization: Bearer {token}"] if token else []
            command += ["-s", lua.name] if script else []
            before = memory(pid)[1]
            began = time.monotonic()
            wrk = subprocess.Popen([*command, url], stdout=subprocess.PIPE, text=True)
            while until and not until() and wrk.poll() is None:
                time.sleep(0.02)
            took = time.monotonic() - began
            if until:
                wrk.send_signal(signal.SIGINT)
            out = wrk.communicate()[0]
            self.rss, cpu = memory(pid)
        self.n = int(re.search(r"(\d+) requests in", out).group(1))
        self.rate = self.n / (took if until else seconds or SECONDS)
        self.cpu_us = 1e6 * (cpu - before) / max(self.n, 1)
        self.core = 1e6 / max(self.cpu_us, 0.001)
        self.late = re.search(r"^ +99% +(\S+)", out, re.M).group(1)
        bad = re.search(r"Non-2xx or 3xx responses: (\d+)", out)
        self.refused = int(bad.group(1)) if bad else 0

    def __str__(self):
        return f"{self.rate:.0f}/s, {self.cpu_us:.1f} us CPU each, 99 % in {self.late}" + (f", {self.refused} REFUSED" if self.refused else "")


def program(name, *args):
    """One of the small C programs beside the binary, built on demand."""
    folder = {"http_server": "http", "db_bench": "db", "deliver_bench": "deliver", "search_bench": "service", "home_bench": "service"}[name]
    target = f"src/{folder}/{name}"
    built = subprocess.run(["ninja", "-C", BINARY.parent, target], capture_output=True, text=True)
    if built.returncode != 0:
        sys.exit(f"{name} was not built:\n{built.stdout}")
    return [str(BINARY.parent / target), *args]


# --- parts ------------------------------------------------------------------------------------------------------------------------


def core(_):
    """The HTTP core alone; gives the rates that others are set against."""
    command = program("http_server", "--listen", "127.0.0.1:0")
    p = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        base = "http://" + p.stdout.readline().split()[1]
        found = {}
        for path, name in (("/small", "200 bytes"), ("/large", "48 KB")):
            load = Load(p.pid, base + path)
            found[path] = load
            say(f"HTTP core alone, {name}", f"{load.core:.0f}/s a core", str(load))
        return found
    finally:
        p.terminate()
        p.wait()


def start_times(server, runs=10):
    """Seconds from exec to the first answer on an existing database."""
    found = []
    for _ in range(runs):
        began = time.monotonic()
        server.start()
        server.api().get("/health")
        found.append(time.monotonic() - began)
        server.stop()
    return found


def reads(server, alice, bob, post, static):
    api = "/api/v1"
    home = alice.get(f"{api}/timelines/home", limit=20)
    size = len(alice.last.content)
    assert len(home) == 20, f"only {len(home)} posts in the home timeline"
    load = Load(server.process.pid, f"{server.base}{api}/timelines/home?limit=20", server.host, alice.token)
    ratio = f"{load.core / static['/large'].core:.2f} of static, goal 0.60; " if static else ""
    say(f"home timeline, 20 posts, {size / 1024:.0f} KB", f"{load.core:.0f}/s a core", f"{ratio}{goal(load.core, 8000)}; {load}")
    for name, path, token in (("status", f"{api}/statuses/{post['id']}", alice.token), ("account", f"{api}/accounts/{bob.id}", alice.token),
                              ("instance", "/api/v2/instance", None), ("public timeline, 20 posts", f"{api}/timelines/public", None),
                              ("web page of a person", "/@bob", None)):
        if server.api(token).request("GET", path, None) is None or server.api(token).http.get(server.base + path).status_code != 200:
            say(name, "skipped", "not there")
            continue
        load = Load(server.process.pid, server.base + path, server.host, token)
        say(name, f"{load.core:.0f}/s a core", f"{goal(load.core, 20000) + '; ' if name in ('status', 'account', 'instance') else ''}{load}")


def raw_commits():
    """Commits a second of a bare SQLite loop with synchronous=FULL on this file system."""
    command = program("db_bench", tempfile.gettempdir(), str(min(SECONDS, 3)))
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return float(re.search(r"raw sqlite loop, FULL:\s+(\d+)", out).group(1))


def writes(server, bob, raw):
    load = Load(server.process.pid, server.base + "/api/v1/statuses", server.host, bob.token, POST)
    ratio = f"{load.rate / raw:.2f} of {raw:.0f} bare SQLite commits/s; " if raw else ""
    say(f"post, {CLIENTS} clients, durable", f"{load.rate:.0f}/s", f"{ratio}{goal(load.rate, 3000)}; {load}")


def inbox(server, remote, bob, count=4000):
    """Signed posts from a followed stranger, made beforehand: until all are answered, and until all are in the timeline."""
    eve = remote.actor("eve")
    found = bob.get("/api/v2/search", q=eve.acct, resolve=True, type="accounts", expect=None)
    if not isinstance(found, dict) or not found.get("accounts"):
        say("inbox", "skipped", "cannot look up the stranger")
        return
    bob.follow(found["accounts"][0]["id"])
    follow = remote.wait_kind("Follow").json
    if eve.send(server, eve.activity("Accept", follow), expect=None).status_code != 202:
        say("inbox", "skipped", "the inbox refuses an Accept")
        return
    bob_uri = bob.get("/api/v1/accounts/verify_credentials")["uri"]
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        for i in range(count):
            note = eve.note(f"<p>Post {i} of a stranger</p>", cc=[eve.id + "/followers", bob_uri] if i % 10 == 0 else [])
            body = json.dumps(eve.create(note))
            headers = eve.sign("POST", server.url + "/inbox", body.encode()) | {"Content-Length": str(len(body))}
            file.write("POST /inbox HTTP/1.1\\n" + "".join(f"{k}: {v}\\n" for k, v in headers.items()) + "\\n" + body + "\n")
        file.flush()
        done, had = jobs_done(server), accepted(server)
        began = time.monotonic()
        load = Load(server.process.pid, server.base + "/inbox", server.host, script=REPLAY.format(file=file.name), seconds=60,
                    until=lambda: accepted(server) - had >= count)
        say("inbox, verified and durable before 202", f"{load.rate:.0f}/s", f"{goal(load.rate, 3000)}; {load}, with what is processed meanwhile")
        while jobs_done(server) - done < count and time.monotonic() - began < 60:
            time.sleep(0.05)  # a measurement, not a test
        say("inbox, until processed", f"{(jobs_done(server) - done) / (time.monotonic() - began):.0f} jobs/s",
            f"{memory(server.process.pid)[0]:.1f} MiB")


def metric(server, name):
    return int(float(re.search(rf"^{re.escape(name)} ([\d.]+)", server.api().get("/metrics"), re.M).group(1)))


def jobs_done(server):
    return metric(server, 'dassie_jobs_total{result="done"}')


def accepted(server):
    return metric(server, 'dassie_inbox_activities_total{result="accepted"}')


def streams(_):
    """Ten thousand listeners."""
    measure_streams(say, memory)


def service(static):
    raw = raw_commits()
    with tempfile.TemporaryDirectory(prefix="dassie-bench-") as folder, Remote(["stranger.test"]) as remote:
        keys = remote.keys() | {"log_level": "info", "workers": 0, "loops": 0, "connections_per_ip": 20000}
        server = Server(folder, **keys)
        with server:
            alice, bob = server.user("alice"), server.user("bob")
            alice.follow(bob)
            post = bob.toot(TEXT.format(0))
        filled = time.monotonic()
        fill(pathlib.Path(folder) / "data/dassie.db", bob.id, alice.id, post["id"], people=200, followed=100, posts=ARGS.posts)
        filled = time.monotonic() - filled
        times = start_times(server)
        say("start, to the first answer", f"{1000 * statistics.median(times):.0f} ms",
            f"goal 100 ms: {'reached' if statistics.median(times) <= 0.1 else 'missed'}; {ARGS.posts} posts (made in {filled:.0f} s); worst of "
            f"{len(times)}: {1000 * max(times):.0f} ms")
        with server:
            alice, bob = (again(server, u) for u in (alice, bob))
            server.api().get("/health")
            rss = memory(server.process.pid)[0]
            say("memory, idle", f"{rss:.1f} MiB", f"goal 15: {'reached' if rss <= 15 else 'missed'}")
            for i in range(40):
                post = bob.toot(TEXT.format(i))
            reads(server, alice, bob, post, static)
            writes(server, bob, raw)
            inbox(server, remote, bob)
            rss = memory(server.process.pid)[0]
            say("memory, after all this", f"{rss:.1f} MiB", f"goal 60: {'reached' if rss <= 60 else 'missed'}")


def again(server, user):
    """The same person at a server that was started again."""
    api = server.api(user.token)
    api.name, api.id = user.name, user.id
    return api


def grow(_):
    """The cost of a page and of a post as the server grows: each should stay what it is."""
    first = None
    for posts in (10_000, 100_000, 1_000_000):
        with tempfile.TemporaryDirectory(prefix="dassie-bench-") as folder:
            server = Server(folder, log_level="info", workers=0, loops=0)
            with server:
                alice, bob = server.user("alice"), server.user("bob")
                post = bob.toot(TEXT.format(0))
            fill(pathlib.Path(folder) / "data/dassie.db", bob.id, alice.id, post["id"], people=200, followed=100, posts=posts)
            with server:
                alice, bob = (again(server, u) for u in (alice, bob))
                page = Load(server.process.pid, server.base + "/api/v1/timelines/home?limit=20", server.host, alice.token)
                write = Load(server.process.pid, server.base + "/api/v1/statuses", server.host, bob.token, POST)
                first = first or (page.cpu_us, write.cpu_us)
                say(f"with {posts} posts", f"{page.cpu_us:.0f} + {write.cpu_us:.0f} us", "CPU of a page and of a post, "
                    f"{page.cpu_us / first[0]:.2f} and {write.cpu_us / first[1]:.2f} of those with 10,000; {memory(server.process.pid)[0]:.1f} MiB")


# 4 in flight for each host: the 50 of the other cases would take 2,000/s at most, whatever the sender can do.
FAR = ["--tls", "--delay", "100", "--hosts", "125"]


def delivery(_):
    command = program("deliver_bench", "--rows", "8000")
    out = subprocess.run(["openssl", "speed", "-elapsed", "-seconds", "2", "-mr", "rsa2048"], capture_output=True, text=True).stdout
    signs = float(re.search(r"^\+F2:\d+:2048:([\d.e-]+):", out, re.M).group(1))
    say("openssl speed rsa2048", f"{signs:.0f} signatures/s", "one core")
    for name, flags in (("http", []), ("https", ["--tls"]), ("https, 125 hosts, each 100 ms away", FAR)):
        got = json.loads(subprocess.run([*command, *flags], capture_output=True, text=True, check=True).stdout)
        say(f"delivery, {name}", f"{got['per_s']:.0f}/s", f"{got['per_s'] / signs:.2f} of what openssl signs on one core, goal 0.80; "
            f"{got['cpu_us_each']:.0f} us CPU each for sender and receivers, {got['cpu_us_sign']:.0f} of it for the signature; {got['rss_mb']} MiB")


def ill(_, rows=20):
    """Live hosts beside dead ones, against the same live hosts alone."""
    command = program("deliver_bench", "--delay", "100")
    alone, among = (json.loads(subprocess.run([*command, "--hosts", str(hosts), "--dead", str(dead), "--rows", str(hosts * rows)], capture_output=True,
                                              text=True, check=True).stdout) for hosts, dead in ((700, 0), (1000, 300)))
    ratio = among["s"] / alone["s"]
    say("700 live hosts among 300 dead ones", f"{ratio:.2f}", f"of the time that they take alone ({alone['s']:.1f} s for {alone['rows']} rows), goal 1.10: "
        f"{'reached' if ratio <= 1.1 else 'missed'}; a third refuses, a third is a black hole, a third takes 30 s")


def homes(_, posts=100_000, people=2_000):
    with tempfile.TemporaryDirectory(prefix="dassie-bench-") as folder:
        command = program("home_bench", folder, str(posts), str(people))
        print(textwrap.indent(subprocess.run(command, capture_output=True, text=True, check=True).stdout, "  "), end="", flush=True)


def big(_):
    """The size of a large server, in a file of about a gigabyte; takes minutes."""
    homes(None, 2_000_000, 100_000)


def postgres(_):
    cluster = Postgres(durable=True)
    try:
        with tempfile.TemporaryDirectory(prefix="dassie-bench-") as folder, \
                Server(folder, database=cluster.database(), log_level="info", workers=0, loops=0) as server:
            alice, bob = server.user("alice"), server.user("bob")
            alice.follow(bob)
            for i in range(40):
                post = bob.toot(TEXT.format(i))
            reads(server, alice, bob, post, {})
            writes(server, bob, None)
    finally:
        cluster.stop()


def search(_):
    """Queries of every kind over a synthetic corpus, on both engines."""
    cluster = Postgres()
    try:
        with tempfile.TemporaryDirectory(prefix="dassie-bench-") as folder:
            for name, database in ("SQLite", f"sqlite:{folder}/search.sqlite"), ("PostgreSQL", cluster.database()):
                command = program("search_bench", database, str(ARGS.posts))
                print(f"on {name}:", flush=True)
                print(subprocess.run(command, capture_output=True, text=True, check=True).stdout, end="", flush=True)
    finally:
        cluster.stop()


PARTS = {"core": core, "service": service, "streams": streams, "delivery": delivery, "deliveries": ill, "postgres": postgres, "search": search, "homes": homes,
         "grow": grow, "big": big}

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("binary", type=pathlib.Path)
    parser.add_argument("--seconds", type=int, default=5, help="of each load")
    parser.add_argument("--posts", type=int, default=100_000, help="in the database of the part `service`")
    parser.add_argument("--grow", action="store_true", help="also measure how costs grow with the database; takes minutes")
    parser.add_argument("parts", nargs="*", metavar="PART", help=" ".join(PARTS))
    ARGS = parser.parse_intermixed_args()
    BINARY, SECONDS = ARGS.binary.resolve(), ARGS.seconds
    assert set(ARGS.parts) <= set(PARTS), f"the parts are {' '.join(PARTS)}"
    wanted = ARGS.parts or [p for p in PARTS if p != "big" and (p != "grow" or ARGS.grow)]
    static = core(None) if {"core", "service"} & set(wanted) else {}
    for part in wanted:
        if part != "core":
            print(f"{part}:", flush=True)
            PARTS[part](static)
