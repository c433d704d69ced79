"""On a TLS line the pinned CA counts and nobody else; dates count as far as the time is known."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from sync.uplink.errors import HubAway, OutOfDate, Portal, Stranger
from sync.uplink.https import HttpsHub
from sync.uplink.hub import UNKNOWN_TIME, KnownTime
from sync.uplink.trust import Authorities, Validity, is_pin
from sync.wire.envelope import pack
from tests.sync.uplink.certificates import NOW, YEAR, TestCa
from tests.sync.uplink.ends import receipt
from tests.sync.uplink.servers import HubServer, Reply, hub_server
from tests.sync.uplink.test_https import BATCH

DOWN = [receipt(3)]


@pytest.fixture(scope="module")
def ca(tmp_path_factory: pytest.TempPathFactory) -> TestCa:
    return TestCa(tmp_path_factory.mktemp("ca"))


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> TestCa:
    return TestCa(tmp_path_factory.mktemp("other"))


@contextmanager
def _serving(ca: TestCa, tls: ssl.SSLContext) -> Iterator[HubServer]:
    with hub_server(Reply(body=pack(DOWN)), tls) as server:
        server.files["/v1/ca"] = ca.der
        yield server


@contextmanager
def _calling(server: HubServer, pin: bytes, state_dir: Path) -> Iterator[HttpsHub]:
    hub = HttpsHub(server.url, pin, state_dir)
    try:
        yield hub
    finally:
        hub.close()


def _at(instant: datetime) -> KnownTime:
    now_ms = int(instant.timestamp() * 1000)
    return KnownTime(now_ms - 60_000, now_ms + 60_000)


def test_the_ca_is_fetched_once_known_by_its_hash_and_kept(ca: TestCa, tmp_path: Path) -> None:
    with _serving(ca, ca.server()) as server:
        for _ in range(2):
            with _calling(server, ca.pin, tmp_path) as hub:
                assert hub.send(BATCH) == DOWN
                assert hub.send(BATCH, _at(NOW)) == DOWN
        assert [asked.path for asked in server.asked].count("/v1/ca") == 1
        (kept,) = (tmp_path / "ca").iterdir()
        # What a failing card makes of it is fetched anew.
        for spoilt in ("", kept.read_text().replace("A", "B", 1)):
            kept.write_text(spoilt)
            with _calling(server, ca.pin, tmp_path) as hub:
                assert hub.send(BATCH) == DOWN


@pytest.mark.parametrize("gives", ["its own", "the hub's", "nothing", "garbage"])
def test_somebody_elses_tls_is_not_the_hubs(
    gives: str, ca: TestCa, other: TestCa, tmp_path: Path
) -> None:
    """Neither where it gives out a CA of its own, nor where it passes on the hub's."""
    with _serving(other, other.server()) as server:
        server.files["/v1/ca"] = {"the hub's": ca.der, "garbage": b"x"}.get(gives, other.der)
        if gives == "nothing":
            server.files.clear()
        with _calling(server, ca.pin, tmp_path) as hub:
            for _ in range(2):
                expected = HubAway if gives == "nothing" else Stranger
                with pytest.raises(expected):
                    hub.send(BATCH)
    assert not [asked for asked in server.asked if asked.body]


def test_no_other_authority_counts_beside_the_pinned_one(
    ca: TestCa, other: TestCa, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the machine is told to trust, and whatever the library brings with it."""
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.setenv(name, str(other.file))
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(other.file))
    Authorities(tmp_path / "ca").take(ca.pin, ca.der)
    with (
        _serving(ca, other.server()) as server,
        _calling(server, ca.pin, tmp_path) as hub,
        pytest.raises(Stranger),
    ):
        hub.send(BATCH)


def test_the_name_counts(ca: TestCa, tmp_path: Path) -> None:
    tls = ca.server(name="another-hub.example")
    with (
        _serving(ca, tls) as server,
        _calling(server, ca.pin, tmp_path) as hub,
        pytest.raises(Stranger),
    ):
        hub.send(BATCH)


@pytest.mark.parametrize("pin", [b"", bytes(32)])
def test_without_a_pin_the_systems_authorities_count(
    pin: bytes, ca: TestCa, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not is_pin(pin)
    with _serving(ca, ca.server()) as server:
        with _calling(server, pin, tmp_path) as hub, pytest.raises(Stranger):
            hub.send(BATCH)
        monkeypatch.setenv("SSL_CERT_FILE", str(ca.file))
        with _calling(server, pin, tmp_path) as hub:
            assert hub.send(BATCH) == DOWN
            with pytest.raises(OutOfDate):
                hub.send(BATCH, _at(NOW + 2 * YEAR))


@pytest.mark.parametrize("century", [1990, 2090])
def test_this_machines_clock_stops_nothing(century: int, ca: TestCa, tmp_path: Path) -> None:
    """A certificate of another century is to this machine what one of today is to a kiosk whose
    clock says that it is 1970 or 2099.
    """
    then = NOW.replace(year=century)
    tls = ca.server(begins=then)
    with _serving(ca, tls) as server, _calling(server, ca.pin, tmp_path) as hub:
        assert hub.send(BATCH, UNKNOWN_TIME) == DOWN
        assert hub.send(BATCH, KnownTime(int(then.timestamp() * 1000))) == DOWN
        assert hub.send(BATCH, _at(then)) == DOWN
        sent = len(server.asked)
        for instant, said in ((then + 2 * YEAR, "expired"), (then - YEAR, "not valid yet")):
            with pytest.raises(OutOfDate, match=said):
                hub.send(BATCH, _at(instant))
        # A connection that was good when it was made is judged again by what is known now.
        assert len(server.asked) == sent


def test_what_cannot_be_told_from_valid_is_let_pass() -> None:
    validity = Validity(1_000, 2_000)
    for now in (KnownTime(0, 1_000), KnownTime(2_000, None), KnownTime(0, 9_000), KnownTime()):
        validity.require(now)
    for now in (KnownTime(0, 999), KnownTime(2_001, None)):
        with pytest.raises(OutOfDate):
            validity.require(now)


def test_plain_http_at_a_tls_address_is_a_sign_in_page(tmp_path: Path) -> None:
    with hub_server(Reply(body=b"<html>")) as server:
        server.url = server.url.replace("http:", "https:")
        with _calling(server, bytes(32), tmp_path) as hub, pytest.raises(Portal, match="TLS"):
            hub.send(BATCH)


def test_a_folder_that_cannot_be_used_is_told(ca: TestCa, tmp_path: Path) -> None:
    (tmp_path / "ca").write_text("in the way")
    with (
        _serving(ca, ca.server()) as server,
        _calling(server, ca.pin, tmp_path) as hub,
        pytest.raises(HubAway, match="Error"),
    ):
        hub.send(BATCH)


def test_a_ca_file_that_is_too_long_is_not_read(ca: TestCa, tmp_path: Path) -> None:
    with _serving(ca, ca.server()) as server, _calling(server, ca.pin, tmp_path) as hub:
        server.files["/v1/ca"] = bytes(1_000_000)
        with pytest.raises(HubAway, match="longer"):
            hub.send(BATCH)
