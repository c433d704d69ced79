import pytest

from sync.hub.keyring import Keyring
from tests.sync.hub.conftest import PinnedClock
from tests.sync.hub.fake_door import FakeDoor, an_enrolled_door
from tests.sync.hub.fleet.health.watching import Watched


@pytest.fixture
def hub(clock: PinnedClock, keyring: Keyring) -> Watched:
    return Watched(clock, keyring)


@pytest.fixture
def door(keyring: Keyring) -> FakeDoor:
    return an_enrolled_door(keyring)
