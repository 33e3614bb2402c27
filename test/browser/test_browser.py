"""Runs the .test.mjs files of this folder, each against a server that a real browser can reach."""
import http.server
import json
import os
import pathlib
import subprocess
import threading
import urllib.parse

import pytest
from fedpeer import node
from pair import Pair
from server import Server, free_port
from timing import PATIENCE

HERE = pathlib.Path(__file__).parent


@pytest.fixture(scope="module")
def server(tmp_path_factory, new_database):
    """A server under http://localhost, which a browser reaches."""
    port = free_port()
    with Server(tmp_path_factory.mktemp("site"), database=new_database(), url=f"http://localhost:{port}", listen=f"127.0.0.1:{port}") as s:
        yield s


class Control:
    """A port by which a script ends the server as a power cut would (POST /kill), and starts it again (POST /start)."""

    def __init__(self, server):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                {"/kill": server.kill, "/start": server.start}[self.path]()
                self.send_response(200)
                self.end_headers()

            def log_message(self, *args):
                pass

        self.http = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}"

    def __enter__(self):
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *args):
        self.http.shutdown()
        self.http.server_close()


@pytest.fixture(scope="module")
def control(server):
    with Control(server) as c:
        yield c


@pytest.fixture(scope="module")
def moderator(server):
    return server.user(role="Moderator")


@pytest.fixture
def site(server, control, moderator):
    """Somebody with one post, and somebody else who may post a lot, as environment of a script."""
    if server.process is None:  # a script failed after its power cut
        server.start()
    user, other = server.user(), server.user()
    post = user.toot("What a browser shall show")
    app = user.post("/api/v1/apps", {"client_name": "Browser test", "redirect_uris": "urn:ietf:wg:oauth:2.0:oob", "scopes": "read"})
    query = urllib.parse.urlencode({"response_type": "code", "client_id": app["client_id"], "scope": "read", "redirect_uri": "urn:ietf:wg:oauth:2.0:oob"})
    return {"BASE": server.url, "USER_NAME": user.name, "USER_EMAIL": user.email, "USER_PASSWORD": user.password, "TOKEN": user.token,
            "OTHER_TOKEN": other.token, "OTHER_NAME": other.name, "OTHER_EMAIL": other.email, "OTHER_PASSWORD": other.password,
            "MODERATOR_TOKEN": moderator.token, "CONTROL": control.url, "STATUS_URL": post["url"], "STATUS_TEXT": "What a browser shall show",
            "AUTHORIZE_PATH": "/oauth/authorize?" + query}


def run(script, keys):
    p = subprocess.run([node(), "--test", "--test-reporter=spec", HERE / script], env=os.environ | keys | {"PATIENCE": str(PATIENCE)},
                       stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20 * PATIENCE, cwd=HERE)
    if "DASSIE_TIMES" in os.environ:  # how long each test took
        print(p.stdout)
    assert p.returncode == 0, p.stdout[-20000:] + p.stderr[-2000:]


# The longest first, so that two who share them end together.
@pytest.mark.parametrize("script", [p.name for p in sorted(HERE.glob("*.test.mjs"), key=lambda p: -p.stat().st_size)])
def test_script(site, script):
    run(script, site)


def test_settings_about_mail(tmp_path, new_database):
    """On a server with a relay that is away."""
    port = free_port()
    with Server(tmp_path, database=new_database(), url=f"http://localhost:{port}", listen=f"127.0.0.1:{port}", smtp="smtp://127.0.0.1:9",
                confirm_email="no") as s:
        me = s.user()
        run("mail.server.mjs", {"BASE": s.url, "USER_NAME": me.name, "USER_EMAIL": me.email, "USER_PASSWORD": me.password, "TOKEN": me.token})


def test_remote_follow(tmp_path, new_database):
    """Two servers behind TLS; the browser is told where their names are."""
    pair = Pair(tmp_path, databases=[new_database(), new_database()])
    rules = ",".join(f"MAP {name}:443 127.0.0.1:{port}" for name, port in pair.front.ports.items())
    with pair as (a, b):
        alice, bob = a.user(), b.user()
        run("remote-follow.pair.mjs", {"BASE": a.url, "USER_NAME": alice.name, "USER_EMAIL": alice.email, "USER_PASSWORD": alice.password,
                                       "OTHER_BASE": b.url, "OTHER_NAME": bob.name, "OTHER_TOKEN": bob.token,
                                       "CHROMIUM_RULES": rules})


@pytest.mark.skipif("DASSIE_SHOTS" not in os.environ, reason="only for ./dev browser --shots DIR")
def test_shots(tmp_path, new_database):
    port = free_port()
    with Server(tmp_path, database=new_database(), url=f"http://localhost:{port}", listen=f"127.0.0.1:{port}") as s:
        dora, others = s.user("dora"), [s.user(name) for name in ("mira", "jonas", "amelie", "kaethe", "ada", "ben")]
        people = json.dumps([{"name": u.name, "token": u.token} for u in others])
        subprocess.run([node(), HERE / "shots.mjs"], env=os.environ | {"BASE": s.url, "USER_NAME": dora.name, "USER_EMAIL": dora.email,
                       "USER_PASSWORD": dora.password, "TOKEN": dora.token, "PEOPLE": people, "SHOTS": os.environ["DASSIE_SHOTS"]}, check=True, timeout=7200, cwd=HERE)
