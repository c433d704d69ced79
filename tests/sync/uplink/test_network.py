"""A network that comes is seen, one that goes or only counts its packets is none."""

from pathlib import Path

import pytest

from sync.uplink.network import Network

HEAD = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
WLAN = "wlan0\t00000000\t0101A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0\n"
COUNTED = "wlan0\t00000000\t0101A8C0\t0003\t7\t99\t100\t00000000\t0\t0\t0\n"
USB = "usb0\t00000000\t012AA8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"
NIL = "0" * 32
WLAN6 = f"{NIL} 00 {NIL} 00 fe80{NIL[4:]} 00000400 00000001 00000000 00000003    wlan0\n"
LO6 = f"{NIL[:-1]}1 80 {NIL} 00 {NIL} 00000000 00000004 00000000 80200001       lo\n"


@pytest.fixture
def proc(tmp_path: Path) -> Path:
    (tmp_path / "route").write_text(HEAD)
    (tmp_path / "ipv6_route").write_text("")
    return tmp_path


def test_news_is_a_route_that_was_not_there(proc: Path) -> None:
    network = Network(proc)
    assert not network.has_come()
    for routes, is_news in (
        (WLAN, True),
        (WLAN, False),
        (COUNTED, False),
        ("", False),
        (WLAN + USB, True),
        (USB, False),
        ("half a line", False),
        (WLAN, True),
    ):
        (proc / "route").write_text(HEAD + routes)
        assert network.has_come() is is_news, routes


def test_a_network_of_the_next_protocol_is_one_too(proc: Path) -> None:
    network = Network(proc)
    (proc / "ipv6_route").write_text(LO6)
    assert not network.has_come()
    (proc / "ipv6_route").write_text(LO6 + WLAN6 + "half a line\n")
    assert network.has_come()


def test_a_kernel_that_does_not_tell_has_no_news(tmp_path: Path) -> None:
    network = Network(tmp_path / "none")
    assert not network.has_come()


def test_this_kernel_writes_what_is_read_here() -> None:
    network = Network()
    assert not network.has_come()


def test_a_plug_without_an_address_is_no_network(proc: Path) -> None:
    network = Network(proc)
    link_local = f"fe80{NIL[4:]} 40 {NIL} 00 {NIL} 00000100 00000001 00000000 00000001     eth0\n"
    for ipv4, ipv6, is_there in (
        ("", "", False),
        ("", LO6, False),
        ("", link_local + LO6, False),
        ("", link_local + WLAN6, True),
        (WLAN, "", True),
    ):
        (proc / "route").write_text(HEAD + ipv4)
        (proc / "ipv6_route").write_text(ipv6)
        assert network.is_there() is is_there
