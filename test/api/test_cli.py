"""The command line: each command, its exit code, and a clear sentence for each wrong configuration."""
import json
import os
import pathlib
import socket
import subprocess

import pytest
from postgres import query
from server import BINARY, Server
from timing import PATIENCE


def run(*args, cwd=None, stdin=None, env=None):
    return subprocess.run([BINARY, *map(str, args)], input=stdin, capture_output=True, text=True, timeout=PATIENCE, cwd=cwd,
                          env={k: v for k, v in os.environ.items() if not k.startswith("DASSIE_")} | (env or {}))


@pytest.fixture
def folder(tmp_path, new_database):
    """A server that is not started: for commands."""
    server = Server(tmp_path / "cli", database=new_database())
    server.cli("migrate")
    return server


# --- without data ---

def test_help_names_every_command():
    listed = run("help")
    assert listed.returncode == 0
    for name in ("serve", "migrate", "check", "config", "user create", "token create", "backup", "restore", "routes", "version"):
        assert f"dassie {name}" in listed.stdout
        assert run(*name.split(), "--help").stdout.startswith(f"dassie {name}")
    assert run("help", "user").stdout.count("dassie user ") >= 7
    assert run("help", "nonsense").returncode == 64


@pytest.mark.parametrize("args, say", [
    ([], "a command is needed"),
    (["frobnicate"], "there is no command"),
    (["user", "create"], "usage: dassie user create NAME"),
    (["user", "show", "a", "b"], "usage: dassie user show NAME"),
    (["version", "--nonsense"], "--nonsense is not an option"),
    (["user", "create", "a", "--email"], "--email needs a value"),
    (["user", "list", "--json=x"], "--json takes no value"),
])
def test_wrong_command_lines_exit_64(args, say):
    p = run(*args)
    assert p.returncode == 64 and p.stdout == ""
    assert p.stderr.startswith("dassie: ") and say in p.stderr


def test_version():
    assert run("version").stdout.startswith("dassie ") and run("--version").stdout == run("version").stdout


def test_routes_have_scope_and_who():
    routes = json.loads(run("routes", "--json").stdout)
    at = {(r["method"], r["path"]): r for r in routes}
    assert at["POST", "/api/v1/statuses"]["scope"] == "write:statuses" and at["POST", "/api/v1/statuses"]["who"] == "user"
    assert len(at) == len(routes) == len(run("routes").stdout.splitlines())
    assert ("POST", "/test/clock") not in at


def test_config_hides_secrets(tmp_path):
    p = run("config", "--smtp", "smtp://me:hush@localhost:25", "--url", "https://x.example", cwd=tmp_path)
    assert p.returncode == 0 and "hush" not in p.stdout and "url https://x.example\n" in p.stdout
    as_json = json.loads(run("config", "--json", "--workers", "3", cwd=tmp_path).stdout)
    assert as_json["workers"] == "3"
    assert not (tmp_path / "data").exists(), "asking for the configuration makes nothing"


def test_sources_of_configuration(tmp_path):
    (tmp_path / "c").write_text("workers 2\nloops 2\nlog_level warn\n")
    p = run("config", "--json", "--config", "c", "--workers", "5", cwd=tmp_path, env={"DASSIE_WORKERS": "4", "DASSIE_LOOPS": "3"})
    got = json.loads(p.stdout)
    assert (got["workers"], got["loops"], got["log_level"]) == ("5", "3", "warn")
    assert json.loads(run("config", "--json", cwd=tmp_path, env={"DASSIE_CONFIG": "c"}).stdout)["workers"] == "2"


@pytest.mark.parametrize("keys, say", [
    ({"nonsense": "1"}, "nonsense"),
    ({"url": "ftp://x"}, "url"),
    ({"url": "https://x.example/path"}, "url"),
    ({"listen": "nowhere"}, "listen"),
    ({"workers": "-1"}, "workers"),
    ({"database": "mysql://x"}, "database"),
    ({"media": "ftp://x"}, "media"),
    ({"tls_cert": "x.pem"}, "tls_key"),
    ({"tls_cert": "missing.pem", "tls_key": "missing.key"}, "missing.pem"),
    ({"url": "https://x.example", "federation_http": "yes"}, "federation_http"),
    ({"url": "https://x.example", "test_clock": "yes"}, "test_clock"),
    ({"registrations": "maybe"}, "registrations"),
    ({"trusted_proxies": "everybody"}, "trusted_proxies"),
    ({"data_dir": "/proc/nothing"}, "/proc/nothing"),
    ({"database": "sqlite:/nowhere/at/all.db"}, "/nowhere/at/all.db"),
    ({"database": "postgresql://nobody@127.0.0.1:1/x"}, "127.0.0.1"),
    ({"server_key_file": "/dev/null"}, "server_key_file"),
    ({"ca_file": "/nowhere.pem"}, "ca_file"),
    ({"resolve": "a.test"}, "resolve"),
    ({"log_level": "loud"}, "log_level"),
])
def test_wrong_configurations_stop_with_a_sentence(tmp_path, keys, say):
    flags = [x for k, v in ({"listen": "127.0.0.1:0"} | keys).items() for x in (f"--{k}", v)]
    p = run("serve", *flags, cwd=tmp_path)
    assert p.returncode in (64, 65, 66, 69, 70, 75), p
    sentence = p.stderr.splitlines()[-1]
    assert sentence.startswith("dassie: ") and say in sentence, p.stderr
    assert "server.ready" not in p.stderr


def test_missing_configuration_file(tmp_path):
    p = run("serve", "--config", "nowhere.conf", cwd=tmp_path)
    assert p.returncode == 66 and "nowhere.conf" in p.stderr


def test_port_in_use(tmp_path):
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        s.listen()
        address = "127.0.0.1:%d" % s.getsockname()[1]
        p = run("serve", "--listen", address, cwd=tmp_path)
    assert p.returncode != 0 and f"cannot listen on {address}" in p.stderr


def test_database_of_a_newer_version(folder, postgres):
    folder.cli("migrate")
    sql = "INSERT INTO schema_version (version, name, applied_ms) VALUES (9999, 'future', 0)"
    if postgres:
        query(folder.config["database"], sql)
    else:
        import sqlite3
        with sqlite3.connect(folder.root / "data/dassie.db") as db:
            db.execute(sql)
    p = run("serve", "--config", folder.write_config())
    assert p.returncode == 65 and "newer version" in p.stderr


def test_data_directory_that_cannot_be_written(tmp_path):
    """A file where the directory should be: as a full or read-only disk, it is said and nothing is left half-made."""
    (tmp_path / "data").write_text("x")
    p = run("migrate", cwd=tmp_path)
    assert p.returncode != 0 and "data_dir data" in p.stderr
    assert (tmp_path / "data").read_text() == "x"


def test_full_disk():
    """Every write to /dev/full fails as on a full disk."""
    with open("/dev/full", "w") as full:
        p = subprocess.run([BINARY, "help"], stdout=full, stderr=subprocess.PIPE, text=True)
    assert p.returncode == 70


# --- people ---

def test_people(folder):
    assert "created ann\n" in folder.cli("user", "create", "ann", "--email", "ann@mail.test", "--confirmed")
    made = folder.cli("user", "create", "bea", "--email", "bea@mail.test", "--role", "Moderator", "--approved")
    assert len(made.splitlines()[1].removeprefix("password: ")) >= 12
    people = {u["username"]: u for u in json.loads(folder.cli("user", "list", "--json"))}
    assert people["ann"]["confirmed"] and not people["ann"]["approved"]
    assert people["bea"]["role"] == "Moderator" and people["bea"]["approved"]
    assert len(folder.cli("user", "list").splitlines()) == 2
    folder.cli("user", "modify", "ann", "--approve", "--role", "admin", "--email", "ann2@mail.test")
    ann = json.loads(folder.cli("user", "show", "ann2@mail.test", "--json"))
    assert ann["approved"] and ann["role"] == "Admin" and ann["email"] == "ann2@mail.test"
    folder.cli("user", "modify", "ann", "--role", "none", "--disable")
    ann = json.loads(folder.cli("user", "show", "ann", "--json"))
    assert ann["role"] == "" and ann["disabled"]


@pytest.mark.parametrize("args, status, say", [
    (["user", "create", "Bad-Name", "--email", "x@mail.test"], 65, "username must contain only"),
    (["user", "create", "x" * 31, "--email", "x@mail.test"], 65, "too long"),
    (["user", "create", "ok", "--email", "nowhere"], 65, "email is not a valid"),
    (["user", "create", "ok", "--email", "x@mail.test", "--password", "short"], 65, "too short"),
    (["user", "create", "ok", "--email", "x@mail.test", "--role", "King"], 66, "no role \"King\""),
    (["user", "create", "ok"], 64, "--email is needed"),
    (["user", "show", "nobody"], 66, "no user \"nobody\""),
    (["user", "reset-password", "nobody"], 66, "no user"),
    (["token", "create", "nobody"], 66, "no user"),
    (["user", "delete", "nobody", "--yes"], 66, "no user"),
])
def test_people_that_cannot_be(folder, args, status, say):
    p = run(*args, "--config", folder.write_config())
    assert p.returncode == status and say in p.stderr, p


def test_names_and_addresses_are_unique_in_any_case(folder):
    folder.cli("user", "create", "ann", "--email", "ann@mail.test")
    for name, email, say in (("ANN", "b@mail.test", "username has already"), ("ben", "ANN@mail.test", "email has already")):
        p = run("user", "create", name, "--email", email, "--config", folder.write_config())
        assert p.returncode == 65 and say in p.stderr


def test_password_from_standard_input_and_delete_asks(folder):
    folder.cli("user", "create", "ann", "--email", "ann@mail.test", "--password", "-", stdin="correct horse\n")
    p = run("user", "delete", "ann", "--config", folder.write_config())
    assert p.returncode == 64 and "--yes" in p.stderr
    assert json.loads(folder.cli("user", "show", "ann", "--json"))["username"] == "ann"


def test_token_is_printed_alone(folder):
    folder.cli("user", "create", "ann", "--email", "ann@mail.test", "--confirmed", "--approved")
    out = folder.cli("token", "create", "ann", "--scopes", "read write")
    assert out == out.strip() + "\n" and " " not in out.strip() and len(out) > 30
    assert folder.cli("token", "create", "ann", "--value", "a-token-of-my-own-choice") == "a-token-of-my-own-choice\n"
    p = run("token", "create", "ann", "--scopes", "root", "--config", folder.write_config())
    assert p.returncode == 65 and "Scopes" in p.stderr


# --- the installation ---

def test_check(folder):
    results = {c["name"]: c["result"] for c in json.loads(folder.cli("check", "--json"))}
    assert results["database"] == results["server key"] == results["storage"] == results["clock"] == "ok"
    assert results["name"] in ("ok", "warning")  # a.test is nowhere


def test_commands_make_no_server_beside_the_real_one(tmp_path, folder):
    for command in (["domain", "allow", "good.example"], ["check"], ["account", "refetch", "ann@b.test"]):
        p = run(*command, cwd=tmp_path)
        assert p.returncode == 66 and "server.key" in p.stderr and "--config" in p.stderr
    assert not (tmp_path / "data").exists()
    (folder.root / "data" / "server.key").rename(tmp_path / "kept.key")
    p = run("user", "list", "--config", folder.write_config())
    assert p.returncode == 66 and not (folder.root / "data" / "server.key").exists(), "a new key cannot read what the old one sealed"


def test_migrate_twice_changes_nothing(folder):
    assert folder.cli("migrate") == folder.cli("migrate")


def test_backup_and_restore(tmp_path, own_server, postgres):
    server = own_server()
    ann = server.user("ann")
    status = ann.toot("in the backup")
    if postgres:
        p = run("backup", tmp_path / "b", "--config", server.write_config())
        assert p.returncode == 77 and "pg_dump" in p.stderr
        return
    server.cli("backup", tmp_path / "b")  # while it runs
    later = ann.toot("after the backup")
    assert {"dassie.db", "server.key"} <= {p.name for p in (tmp_path / "b").iterdir()}
    assert run("backup", tmp_path / "b", "--config", server.write_config()).returncode == 65, "never over another backup"
    other = Server(tmp_path / "other")
    other.cli("restore", tmp_path / "b")
    assert run("restore", tmp_path / "b", "--config", other.write_config()).returncode == 65, "never over data"
    with other:
        api = other.api(ann.token)
        assert api.get(f"/api/v1/statuses/{status['id']}")["content"] == status["content"]
        api.get(f"/api/v1/statuses/{later['id']}", expect=404)
        assert api.toot("life goes on")["id"]


def test_restore_of_nothing(tmp_path):
    p = run("restore", tmp_path / "nothing", cwd=tmp_path)
    assert p.returncode != 0 and "nothing" in p.stderr


def test_metrics_are_for_neighbours(server, anon):
    assert "dassie_http_responses_total" in anon.get("/metrics")
    anon.get("/metrics", headers={"X-Forwarded-For": "203.0.113.7"}, expect=404)
    anon.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}, expect=404)


def test_clock_of_tests_needs_the_switch(own_server):
    server = own_server(test_clock=None)
    server.api().post("/test/clock", {"shift_ms": 1000}, expect=404)


def test_unix_socket_and_reload(own_server, tmp_path):
    path = pathlib.Path(tmp_path / "sock")
    server = own_server(listen=["127.0.0.1:0", f"unix:{path}"])
    with socket.socket(socket.AF_UNIX) as s:
        s.connect(str(path))
        s.sendall(b"GET /health HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n")
        assert s.recv(100).startswith(b"HTTP/1.1 200")
    at = server.mark()
    server.process.send_signal(1)
    server.wait_log("server.reload", since=at)
    assert server.api().get("/health") == "OK"
    server.stop()
    assert not path.exists()


# --- settings and rules ---

def test_settings_are_checked_and_shown(folder):
    folder.cli("settings", "set", "title", "River town")
    folder.cli("settings", "set", "registrations", "approval")
    folder.cli("settings", "set", "extended_description", "Be **here** <script>alert(1)</script>")
    kept = json.loads(folder.cli("settings", "list", "--json"))
    assert kept["title"] == "River town" and kept["registrations"] == "approval" and kept["privacy_policy"] is None
    assert "<strong>here</strong>" in kept["extended_description"] and "<script" not in kept["extended_description"]
    for name, value in (("registrations", "maybe"), ("min_age", "old"), ("title", "x" * 101), ("contact_username", "nobody")):
        folder.cli("settings", "set", name, value, status=65)
    folder.cli("settings", "set", "nonsense", "1", status=66)
    folder.cli("settings", "set", "title", "")
    assert json.loads(folder.cli("settings", "list", "--json"))["title"] is None


def test_rules_are_what_the_server_says(folder):
    folder.cli("rule", "add", "Be kind", "--hint", "To everybody")
    folder.cli("rule", "add", "No spam")
    first, second = json.loads(folder.cli("rule", "list", "--json"))
    assert (first["text"], first["hint"], second["text"]) == ("Be kind", "To everybody", "No spam")
    folder.cli("rule", "remove", second["id"])
    folder.cli("rule", "remove", second["id"], status=66)
    folder.cli("rule", "add", " ", status=65)
    folder.start()
    try:
        said = folder.api().get("/api/v1/instance/rules")
        assert [(r["text"], r["hint"]) for r in said] == [("Be kind", "To everybody")]
    finally:
        folder.stop()
