#!/usr/bin/python3
"""Figures of one binary on this machine: run.py BINARY [SECONDS].  wrk loads it on one connection for each client; nothing fails here.

Rates are of this machine and its load. What can be compared are the ratios, taken in one run: each rate against that of the smallest
answer the same server gives.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

os.environ["DASSIE_BIN"] = str(pathlib.Path(sys.argv[1]).resolve())
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "lib"))

from postgres import Postgres  # noqa: E402
from server import Server  # noqa: E402

SECONDS = int(sys.argv[2]) if len(sys.argv) > 2 else 5
POST = """wrk.method = "POST"; wrk.body = '{"status":"a post of the usual length, with a #tag and nothing else in it"}'
wrk.headers["Content-Type"] = "application/json"
"""


def memory(server):
    """Resident MiB, and CPU seconds so far."""
    status = pathlib.Path(f"/proc/{server.process.pid}/status").read_text()
    times = pathlib.Path(f"/proc/{server.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024,
            (int(times[11]) + int(times[12])) / os.sysconf("SC_CLK_TCK"))


def load(server, name, path, clients=16, token=None, script=None):
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as lua:
        lua.write(script or "")
        lua.flush()
        before = memory(server)[1]
        command = ["wrk", "-t1", f"-c{clients}", f"-d{SECONDS}s", "--latency", "-H", f"Host: {server.host}"]
        command += ["-H", f"Authorization: Bearer {token}"] if token else []
        command += ["-s", lua.name] if script else []
        out = subprocess.run([*command, server.base + path], capture_output=True, text=True, check=True).stdout
    rss, cpu = memory(server)
    count = int(re.search(r"(\d+) requests in", out).group(1))
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", out)
    late = re.search(r"99%\s+(\S+)", out).group(1)
    print(f"  {name:34} {count / SECONDS:9.0f}/s  {1e6 * (cpu - before) / max(count, 1):7.1f} us CPU each  99 % in {late:>9}  {rss:6.1f} MiB" +
          (f"  {failed.group(1)} REFUSED" if failed else ""), flush=True)


def bench(name, database):
    with tempfile.TemporaryDirectory(prefix="dassie-bench-") as folder:
        server = Server(folder, database=database, log_level="info", workers=0, loops=0)
        server.start()
        server.stop()
        started = time.monotonic()
        with server:
            server.api().get("/health")
            ready = time.monotonic() - started
            alice, bob = server.user("alice"), server.user("bob")
            alice.follow(bob)
            posts = [bob.toot(f"Post {i}, with a #tag and some words that make it as long as people write") for i in range(40)]
            print(f"{name}: first answer after {1000 * ready:.0f} ms on an existing database, {memory(server)[0]:.1f} MiB resident")
            load(server, "health", "/health")
            load(server, "instance", "/api/v2/instance")
            load(server, "status", f"/api/v1/statuses/{posts[0]['id']}", token=alice.token)
            load(server, "account", f"/api/v1/accounts/{bob.id}", token=alice.token)
            load(server, "home timeline, 20 posts", "/api/v1/timelines/home", token=alice.token)
            load(server, "public timeline, 20 posts", "/api/v1/timelines/public")
            load(server, "post", "/api/v1/statuses", token=bob.token, script=POST)


if __name__ == "__main__":
    bench("SQLite", None)
    cluster = Postgres(durable=True)
    try:
        bench("PostgreSQL", cluster.database())
    finally:
        cluster.stop()
