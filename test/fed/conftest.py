"""One server of ours and the hosts of a test, HOSTS of its file.  A file that needs them otherwise has its own."""
import pytest
from remote import Remote
from server import Server

numbers = iter(range(1, 10000))


@pytest.fixture(scope="module")
def far(request):
    """Other servers, by name."""
    with Remote(getattr(request.module, "HOSTS", ["peer.test"])) as r:
        yield r


@pytest.fixture(scope="module")
def here(tmp_path_factory, new_database, far):
    with Server(tmp_path_factory.mktemp("here"), database=new_database(), **far.keys()) as s:
        yield s


@pytest.fixture
def alice(here):
    return here.user()


@pytest.fixture
def eve(far):
    """Somebody at the first of the other servers."""
    return far.actor(f"eve{next(numbers)}")
