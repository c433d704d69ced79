"""The CA that cards pin: made once, served to whoever asks, and named by its hash."""

import ssl
import stat
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography import x509
from django.test import Client

from sync.hub import device_ca
from sync.hub.errors import CommandFault, HomeFault
from sync.hub.home import Home
from tests.sync.hub.conftest import NOW

LASTS = timedelta(days=730)


def test_a_ca_is_made_once_and_signs_servers(tmp_path: Path) -> None:
    """Renewing a server's certificate changes no card that was ever shown."""
    assert device_ca.make_ca(tmp_path, NOW)
    pin = device_ca.read_ca(tmp_path / "ca.pem").pin
    assert not device_ca.make_ca(tmp_path, NOW)
    names = ["hub.example.go.id", "10.0.0.5", "[2001:db8::1]"]
    made = [device_ca.make_server(tmp_path, tmp_path, names, NOW, LASTS) for _ in range(2)]
    assert device_ca.read_ca(tmp_path / "ca.pem").pin == pin
    assert made[0].serial_number != made[1].serial_number
    found = made[1].extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert found.get_values_for_type(x509.DNSName) == names[:1]
    assert [str(ip) for ip in found.get_values_for_type(x509.IPAddress)] == [
        "10.0.0.5",
        "2001:db8::1",
    ]
    assert made[1].not_valid_after_utc == (NOW + LASTS)
    made[1].verify_directly_issued_by(device_ca.read_ca(tmp_path / "ca.pem").certificate)
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(
        tmp_path / "server.pem", tmp_path / "server.key"
    )
    for name in ("ca.key", "server.key"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_what_stands_in_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("nothing")
    for missing in ("ca.pem", "none.pem"):
        with pytest.raises(HomeFault, match="GAPURA_HUB_DEVICE_CA"):
            device_ca.read_ca(tmp_path / missing)
    (tmp_path / "ca.pem").unlink()
    device_ca.make_ca(tmp_path, NOW)
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandFault, match="file"):
        device_ca.make_server(tmp_path, tmp_path / "file", ["hub"], NOW, LASTS)
    (tmp_path / "ca.key").chmod(0o644)
    with pytest.raises(HomeFault, match="chmod 600"):
        device_ca.make_server(tmp_path, tmp_path, ["hub"], NOW, LASTS)


def test_a_key_of_another_kind_is_not_used(tmp_path: Path, hub_home: Home) -> None:
    device_ca.make_ca(tmp_path, NOW)
    key = next(hub_home.keys.glob("receipt-*.pem")).read_bytes()
    (tmp_path / "ca.key").write_bytes(key)
    with pytest.raises(HomeFault, match="made here"):
        device_ca.make_server(tmp_path, tmp_path, ["hub"], NOW, LASTS)


def test_the_certificate_is_for_whoever_asks(client: Client, own_home: Home) -> None:
    """A kiosk that has nothing but its card has nothing to sign in with."""
    assert client.get("/v1/ca").status_code == 404
    device_ca.make_ca(own_home.tls, NOW)
    answer = client.get("/v1/ca")
    assert answer["Content-Type"] == "application/pkix-cert"
    assert sha256(answer.content).digest() == device_ca.read_ca(own_home.tls / "ca.pem").pin
    assert client.post("/v1/ca").status_code == 405
