from pathlib import Path

import pytest

from sync.hub import environment
from sync.hub.environment import read_environment
from sync.hub.errors import SettingFault


def test_nothing_has_to_be_set(tmp_path: Path) -> None:
    """A first try needs no configuration."""
    found = read_environment({"XDG_DATA_HOME": str(tmp_path)})
    assert found.home == tmp_path / "gapura-hub"
    assert found.database["NAME"] == str(found.home / "db.sqlite3")
    assert found.database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert found.allowed_hosts == ("127.0.0.1", "localhost", "[::1]")
    assert not found.is_https


def test_what_is_set_is_used(tmp_path: Path) -> None:
    """Hosts are the hub's own and those listed."""
    found = read_environment(
        {
            environment.HOME: str(tmp_path),
            environment.URL: "https://[2001:db8::1]:8443/",
            environment.ALLOWED_HOSTS: "hub.example.go.id, ",
            environment.DATABASE_URL: "postgresql://u%40:p%2F@db:5433/gapura?sslmode=require",
        }
    )
    assert (found.home, found.url, found.is_https) == (tmp_path, "https://[2001:db8::1]:8443", True)
    assert found.allowed_hosts[:2] == ("hub.example.go.id", "[2001:db8::1]")
    database = found.database
    assert (database["USER"], database["PASSWORD"], database["PORT"]) == ("u@", "p/", "5433")
    assert database["OPTIONS"]["sslmode"] == "require"
    assert database["CONN_HEALTH_CHECKS"]


def test_a_database_may_be_on_two_servers() -> None:
    """The one that can be written to is used, as libpq finds it; what is said counts."""
    url = "postgresql://hub@db1:5433,db2/gapura?target_session_attrs=read-write&connect_timeout=2"
    database = read_environment({environment.DATABASE_URL: url}).database
    assert (database["HOST"], database["PORT"]) == ("db1,db2", "5433,")
    assert database["OPTIONS"]["target_session_attrs"] == "read-write"
    assert database["OPTIONS"]["connect_timeout"] == "2"


def test_no_wait_for_the_database_is_without_end() -> None:
    """Neither for a lock, nor for a server that does not answer."""
    options = read_environment({environment.DATABASE_URL: "postgresql://h/n"}).database["OPTIONS"]
    assert "lock_timeout=15s" in str(options["options"])
    assert {"connect_timeout", "tcp_user_timeout"} <= options.keys()


@pytest.mark.parametrize(
    "url",
    [
        "mysql://db/gapura",
        "postgresql://db",
        "postgresql://db:port/gapura",
        "postgresql://db,db:x/gapura",
        "sqlite:///",
    ],
)
def test_every_fault_is_named_and_no_password_repeated(url: str) -> None:
    """All at once; the text may end up in a log."""
    with pytest.raises(SettingFault) as caught:
        read_environment({environment.URL: "hub", environment.DATABASE_URL: url})
    assert environment.URL in str(caught.value)
    assert environment.DATABASE_URL in str(caught.value)
    assert url not in str(caught.value)


@pytest.mark.parametrize("url", ["ftp://hub", "https://", "https://[", ""])
def test_an_address_has_a_host(url: str) -> None:
    """Kiosks and browsers must be able to reach it."""
    with pytest.raises(SettingFault, match=environment.URL):
        read_environment({environment.URL: url})


def test_notices_may_go_to_networks_that_are_named() -> None:
    """Without it to none but public addresses; a mistyped one is no wider network."""
    assert read_environment({}).webhook_networks == ()
    name = environment.WEBHOOK_NETWORKS
    found = read_environment({name: "10.20.0.0/16, fd00:1::/32,192.0.2.7"}).webhook_networks
    assert [str(one) for one in found] == ["10.20.0.0/16", "fd00:1::/32", "192.0.2.7/32"]
    for value in ("10.20.0.1/16", "10.20.0.0/33", "absensi.example.go.id"):
        with pytest.raises(SettingFault, match=name):
            read_environment({name: value})


def test_sqlite_may_lie_elsewhere() -> None:
    """Four slashes for an absolute path."""
    found = read_environment({environment.DATABASE_URL: "sqlite:////srv/hub.sqlite3"})
    assert found.database["NAME"] == "/srv/hub.sqlite3"


def test_how_long_somebody_stays_and_what_is_public_can_be_set() -> None:
    """Without it four hours, sixteen, and nothing."""
    usual = read_environment({})
    assert (usual.visitor_stay_h, usual.employee_stay_h) == (4, 16)
    assert not usual.has_public_statistics
    names = (environment.VISITOR_STAY, environment.EMPLOYEE_STAY, environment.PUBLIC_STATISTICS)
    found = read_environment(dict(zip(names, ("2", "24", "on"), strict=True)))
    assert (found.visitor_stay_h, found.employee_stay_h) == (2, 24)
    assert found.has_public_statistics
    for values in (("0", "73", "yes"), ("-1", "4.5", "1"), ("²", "9" * 5000, "ON")):
        with pytest.raises(SettingFault) as fault:
            read_environment(dict(zip(names, values, strict=True)))
        assert all(name in str(fault.value) for name in names)
