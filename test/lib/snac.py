"""snac2, an ActivityPub server in C by others (https://codeberg.org/grunfink/snac2), on plain http at localhost."""
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess

import requests
from server import free_port
from timing import PATIENCE

BINARY = os.environ.get("DASSIE_SNAC") or shutil.which("snac")


class Snac:
    """One `snac httpd` in a folder of its own, with one user."""

    def __init__(self, root, user="eve"):
        self.root, self.user, self.port, self.token = pathlib.Path(root), user, free_port(), None
        self.host = f"localhost:{self.port}"
        self.acct, self.actor = f"{user}@{self.host}", f"http://{self.host}/{user}"
        answers = f"127.0.0.1\n{self.port}\n{self.host}\n\n\n"
        subprocess.run([BINARY, "init", self.root], input=answers, text=True, capture_output=True, check=True)
        config = json.loads((self.root / "server.json").read_text())
        config |= {"host": self.host, "address": "127.0.0.1", "port": self.port, "protocol": "http", "dbglevel": 1, "disable_sandbox": True}
        (self.root / "server.json").write_text(json.dumps(config))
        made = subprocess.run([BINARY, "adduser", self.root, user], input=f"{user}\n", text=True, capture_output=True, check=True)
        self.password = re.search(r"password is (\S+)", made.stdout)[1]

    def __enter__(self):
        with open(self.root / "log", "wb") as log:
            self.process = subprocess.Popen([BINARY, "httpd", self.root], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def log(self):
        return (self.root / "log").read_text(errors="replace")

    def __call__(self, command, *args):
        """Run `snac COMMAND` as the user; what it printed."""
        p = subprocess.run([BINARY, command, self.root, self.user, *args], text=True, capture_output=True, timeout=PATIENCE)
        return p.stdout + p.stderr

    def objects(self):
        """Every document it has stored."""
        found = []
        for path in (self.root / "object").rglob("*.json"):
            try:
                found.append(json.loads(path.read_text()))
            except (OSError, ValueError):
                pass  # replaced while it was read
        return found

    def has(self, uri):
        return [o for o in self.objects() if o.get("id") == uri]

    # --- its own Mastodon API, as far as it goes ---

    def request(self, method, path, **data):
        if self.token is None:
            r = requests.post(f"http://127.0.0.1:{self.port}/oauth/x-snac-get-token", headers={"Host": self.host},
                              data={"login": self.user, "passwd": self.password}, timeout=PATIENCE)
            self.token = r.text.strip()
        r = requests.request(method, f"http://127.0.0.1:{self.port}{path}", headers={"Host": self.host, "Authorization": "Bearer " + self.token},
                             data=data, timeout=PATIENCE)
        assert r.status_code == 200, f"{method} {path}: {r.status_code} {r.text[:500]}"
        return r.json()

    def get(self, path):
        return self.request("GET", path)

    def post(self, path, **data):
        return self.request("POST", path, **data)

    def put(self, path, **data):
        return self.request("PUT", path, **data)

    def followers(self):
        return len(list((self.root / "user" / self.user / "followers").glob("*.json")))

    def up(self):
        try:
            return self.id()
        except requests.RequestException:
            return None

    def id(self):
        return self.get("/api/v1/accounts/verify_credentials")["id"]

    def find(self, uri):
        """A stored post as its API shows it."""
        found = self.get("/api/v1/timelines/home?limit=50") + self.get("/api/v1/timelines/public?local=true&limit=50")
        return next(s for s in found if s["uri"] == uri)
