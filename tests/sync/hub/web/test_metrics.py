"""`/metrics` is for whoever has the token; the alert rules speak of what is there."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from prometheus_client.parser import text_string_to_metric_families

from sync.hub.fleet.health.watch import Watch
from sync.hub.home import Home
from sync.hub.keyring import Keyring
from sync.wire.batch import Reading, State
from tests.sync.hub.conftest import NOW
from tests.sync.hub.fake_door import an_enrolled_door, take

_RULES = Path(__file__).parents[4] / "docs" / "operations" / "alerts.yml"
_TOKEN = "ein-langes-wort-fuer-prometheus"
_WITH_TOKEN = {"Authorization": f"Bearer {_TOKEN}"}


class _Nobody:
    def tell(self, _title: str, _text: str) -> bool:
        return True


@pytest.fixture
def token(hub_home: Home) -> Iterator[Path]:
    path = hub_home.path / "metrics.token"
    path.write_text(f"{_TOKEN}\n")
    path.chmod(0o600)
    yield path
    path.unlink(missing_ok=True)


def _samples(client: Client) -> dict[str, list[tuple[dict[str, str], float]]]:
    response = client.get("/metrics", headers=_WITH_TOKEN)
    assert response.status_code == 200
    found: dict[str, list[tuple[dict[str, str], float]]] = {}
    for family in text_string_to_metric_families(response.content.decode()):
        for sample in family.samples:
            found.setdefault(sample.name, []).append((dict(sample.labels), sample.value))
    return found


def test_it_is_for_whoever_has_the_token(client: Client, token: Path) -> None:
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers={"Authorization": "Bearer x"}).status_code == 401
    assert client.get("/metrics", headers=_WITH_TOKEN).status_code == 200
    token.write_text("short")
    assert client.get("/metrics", headers={"Authorization": "Bearer short"}).status_code == 404
    token.unlink()
    assert client.get("/metrics", headers=_WITH_TOKEN).status_code == 404


def test_it_tells_how_the_kiosks_are(client: Client, token: Path, keyring: Keyring) -> None:
    door = an_enrolled_door(keyring)
    door.see(4)
    door.health = (Reading("temperature_c", State.BAD, 82), Reading("lamp", State.OK))
    take(door.send(1, 3))
    take(door.heartbeat())
    Watch(_Nobody(), "").round(NOW, keyring)
    found = _samples(client)
    labels = {"door": "Pintu utara", "site": "Mal Pelayanan Publik", "office": "Dinas PMPTSP"}
    labels["device"] = door.device.hex()
    assert found["gapura_kiosk_last_contact_timestamp_seconds"] == [(labels, NOW.timestamp())]
    assert found["gapura_kiosk_backlog_entries"] == [(labels, 1)]
    assert ({**labels, "check": "temperature_c"}, 82) in found["gapura_kiosk_reading"]
    assert ({**labels, "check": "lamp"}, 0) in found["gapura_kiosk_check_bad"]
    assert ({"rule": "temperature", "severity": "critical"}, 1) in found["gapura_alerts"]
    assert ({"status": "active"}, 1) in found["gapura_devices"]
    assert found["gapura_last_judged_timestamp_seconds"] == [({}, NOW.timestamp())]


def test_queries_do_not_grow(client: Client, token: Path, keyring: Keyring) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            _samples(client)
        return len(queries)

    take(an_enrolled_door(keyring).heartbeat())
    few = count()
    for number in range(5):
        take(an_enrolled_door(keyring, f"Pintu {number}").heartbeat())
    assert count() == few


def test_the_rules_speak_of_metrics_that_there_are(
    client: Client, token: Path, keyring: Keyring
) -> None:
    door = an_enrolled_door(keyring)
    door.health = (Reading("temperature_c", State.BAD, 82),)
    take(door.heartbeat())
    take(door.heartbeat())
    Watch(_Nobody(), "").round(NOW, keyring)
    named = set(re.findall(r"\bgapura_[a-z_]+", _RULES.read_text()))
    assert named
    assert named <= set(_samples(client))


def test_promtool_takes_the_rules() -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not installed; it is in Debian's package prometheus")
    subprocess.run([promtool, "check", "rules", str(_RULES)], check=True)
