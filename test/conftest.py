"""Fixtures for every scenario.  DASSIE_BIN names the binary, DASSIE_ENGINE the database: sqlite (default) or postgres."""
import os

import api
import pytest
from fedpeer import FedPeer
from pair import Pair
from postgres import Postgres
from server import BINARY, Server
from smtp_sink import Sink

ENGINE = os.environ.get("DASSIE_ENGINE") or "sqlite"
assert ENGINE in ("sqlite", "postgres"), ENGINE


def pytest_configure():
    if not os.access(BINARY, os.X_OK):
        pytest.exit(f"{BINARY}: build it first, or set DASSIE_BIN", 2)


def pytest_sessionfinish():
    api.save_exchanges()


@pytest.fixture(scope="session")
def postgres():
    """The cluster of this run, or None on SQLite."""
    if ENGINE == "sqlite":
        yield None
        return
    cluster = Postgres()
    yield cluster
    cluster.stop()


@pytest.fixture(scope="session")
def new_database(postgres):
    """Call it for the `database` of one more server."""
    return postgres.database if postgres else lambda: None


@pytest.fixture(scope="session")
def server(tmp_path_factory, new_database):
    """One server for the whole run.  Tests make their own people and do not count what others made."""
    with Server(tmp_path_factory.mktemp("server"), database=new_database()) as s:
        yield s


@pytest.fixture
def own_server(tmp_path, new_database):
    """Call it with configuration keys for a server of this test's own; stopped at its end."""
    made = []

    def make(**keys):
        s = Server(tmp_path / f"server{len(made)}", database=new_database(), **keys)
        made.append(s)
        return s.start()

    yield make
    for s in made:
        s.stop()


@pytest.fixture
def sink_smtp(tmp_path):
    """A relay that keeps what it is given."""
    with Sink(tmp_path / "mail") as s:
        yield f"smtp://127.0.0.1:{s.port}"


@pytest.fixture
def pair(tmp_path, new_database):
    """Two servers that know each other over TLS: a.test and b.test."""
    with Pair(tmp_path, databases=[new_database(), new_database()]) as servers:
        yield servers


@pytest.fixture
def peer(tmp_path):
    """A foreign server on plain http; for servers with an http url."""
    p = FedPeer(tmp_path / "peer")
    yield p
    p.stop()


@pytest.fixture
def anon(server):
    return server.api()


@pytest.fixture
def alice(server):
    """A new person for each test; so are bob and carol."""
    return server.user()


@pytest.fixture
def bob(server):
    return server.user()


@pytest.fixture
def carol(server):
    return server.user()


@pytest.fixture(scope="session")
def admin(server):
    return server.user(role="Owner", scopes="read write follow push admin:read admin:write")


@pytest.fixture
def log_mark(server):
    """Where the log stood when the test began: server.wait_log(event, since=log_mark)."""
    return server.mark()
