"""A file that names HOSTS gets these other servers (far), a server of ours that knows them (here), and its people live there."""
import pytest
from remote import Remote
from server import Server

numbers = iter(range(1, 10000))
LONGEST = ["test_faults", "test_threads_whole", "test_two_servers", "test_policy_table", "test_follower_sync", "test_moving"]


def pytest_collection_modifyitems(items):
    """Files are given to whoever is free: the long ones first, so that nobody is left alone with one at the end."""
    place = {name: i for i, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path.stem, len(LONGEST)))


@pytest.fixture(scope="module")
def far(request):
    """Other servers, by name."""
    with Remote(request.module.HOSTS) as r:
        yield r


@pytest.fixture(scope="module")
def here(tmp_path_factory, new_database, far):
    with Server(tmp_path_factory.mktemp("here"), database=new_database(), **far.keys()) as s:
        yield s


@pytest.fixture
def alice(request):
    return request.getfixturevalue("here" if hasattr(request.module, "HOSTS") else "server").user()


@pytest.fixture
def eve(far):
    """Somebody at the first of the other servers."""
    return far.actor(f"eve{next(numbers)}")
