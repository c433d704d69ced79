"""Whatever the line does to requests and answers, every entry is at the hub exactly once."""

from pathlib import Path

import pytest

from sync.hub.ingest.models import Epoch
from sync.hub.keyring import Keyring
from tests.sync.faulty_proxy import Fault, FaultyProxy
from tests.sync.hub.conftest import NOW
from tests.sync.hub.faults.fleet import Fleet, serving_hub
from tests.sync.uplink.certificates import TestCa

KIOSKS, ENTRIES_EACH = 20, 250
SEED = 20261121


@pytest.mark.usefixtures("committing")
def test_a_fleet_behind_a_line_that_spoils_what_it_can(keyring: Keyring, tmp_path: Path) -> None:
    ca = TestCa(tmp_path / "ca")
    # The doors learn the hub's time, which is pinned, and judge the certificate by it.
    tls = ca.server(begins=NOW)
    with serving_hub() as hub_url, FaultyProxy(hub_url, SEED, tls=tls) as proxy:
        proxy.files["/v1/ca"] = ca.der
        fleet = Fleet(keyring, proxy.url, ca.pin, tmp_path)
        fleet.add(KIOSKS, ENTRIES_EACH)
        fleet.run()
        proxy.become_honest()
        fleet.close()
        assert fleet.differences() == []
    assert set(proxy.counts) == set(Fault)
    assert sum(kiosk.door.refused for kiosk in fleet.kiosks)
    assert set(fleet.ends) >= {"ok", "hub-away", "portal", "refused"}
    assert sum(Epoch.objects.values_list("repeats", flat=True)) > 100
