"""The same seed spoils the same requests in the same way; the hub hears what it must hear."""

from collections import Counter
from pathlib import Path

import pytest

from sync.uplink.errors import HubAway, Portal, UplinkError
from sync.uplink.https import HttpsHub
from sync.wire.envelope import Content, Envelope, open_envelope, pack
from tests.sync.faulty_proxy import WEIGHTS, Fault, FaultyProxy
from tests.sync.uplink.ends import receipt
from tests.sync.uplink.servers import HubServer, Reply, hub_server
from tests.sync.wire.parties import DEVICE


def _batch(number: int) -> bytes:
    return Envelope(Content.BATCH, DEVICE, b"batch " + bytes([number])).to_bytes()


def _send(proxy: FaultyProxy, numbers: range) -> list[object]:
    """Send batches, and return what came back of each."""
    ends: list[object] = []
    for number in numbers:
        hub = HttpsHub(proxy.url, b"", Path("/nonexistent"))
        try:
            ends.append([envelope.message for envelope in hub.send(_batch(number))])
        except UplinkError as error:
            ends.append(str(error))
        hub.close()
    return ends


def _heard(server: HubServer) -> list[int]:
    return [open_envelope(asked.body).message[-1] for asked in server.asked]


def _echo(body: bytes) -> Reply:
    return Reply(body=pack([receipt(body[-1])]))


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("no_proxy", "*")


def test_the_same_seed_draws_the_same_faults() -> None:
    """So that a failure can be repeated."""
    runs = []
    for seed in (1, 1, 2):
        with hub_server(_echo) as server, FaultyProxy(server.url, seed) as proxy:
            runs.append((_send(proxy, range(60)), proxy.counts))
    assert runs[0] == runs[1] != runs[2]
    assert set(runs[0][1]) == set(Fault) == set(WEIGHTS)


@pytest.mark.parametrize(
    ("fault", "heard"),
    [
        (Fault.NONE, [0, 1, 2]),
        (Fault.DELAYED, [0, 1, 2]),
        (Fault.REQUEST_LOST, []),
        (Fault.REQUEST_REPEATED, [0, 0, 1, 1, 2, 2]),
        (Fault.ANSWER_LOST, [0, 1, 2]),
        (Fault.ANSWER_TRUNCATED, [0, 1, 2]),
        (Fault.ANSWER_CORRUPTED, [0, 1, 2]),
        (Fault.ANSWER_SWAPPED, [0, 1, 2]),
        (Fault.SERVER_ERROR, []),
        (Fault.PORTAL, []),
    ],
)
def test_what_the_hub_hears(fault: Fault, heard: list[int]) -> None:
    with hub_server(_echo) as server, FaultyProxy(server.url, 7, weights={fault: 1}) as proxy:
        ends = _send(proxy, range(3))
        assert proxy.counts == Counter({fault: 3})
    assert _heard(server) == heard
    is_whole = fault in {Fault.NONE, Fault.DELAYED, Fault.REQUEST_REPEATED}
    assert all((end == [receipt(n).message]) is is_whole for n, end in enumerate(ends)) or (
        fault is Fault.ANSWER_SWAPPED
    )


def test_what_is_late_comes_after_what_was_sent_after_it() -> None:
    with hub_server(_echo) as server:
        with FaultyProxy(server.url, 7, weights={Fault.REQUEST_LATE: 1}) as proxy:
            _send(proxy, range(2))
            assert _heard(server) == []
            proxy.weights = {Fault.REQUEST_LOST: 1}
            _send(proxy, range(5, 6))
            assert _heard(server) == [0]
            proxy.become_honest()
            _send(proxy, range(2, 3))
        assert _heard(server) == [0, 1, 2]


def test_a_corrupted_request_differs_in_one_bit() -> None:
    with hub_server(_echo) as server:
        with FaultyProxy(server.url, 7, weights={Fault.REQUEST_CORRUPTED: 1}) as proxy:
            _send(proxy, range(20))
        for number, asked in enumerate(server.asked):
            bent = int.from_bytes(asked.body) ^ int.from_bytes(_batch(number))
            assert bent.bit_count() == 1


def test_a_truncated_request_does_not_come_whole() -> None:
    with hub_server(_echo) as server:
        with FaultyProxy(server.url, 7, weights={Fault.REQUEST_TRUNCATED: 1}) as proxy:
            _send(proxy, range(3))
        assert all(len(asked.body) < len(_batch(0)) for asked in server.asked)


def test_couriers_know_what_they_meet() -> None:
    for fault, kind in ((Fault.PORTAL, Portal), (Fault.SERVER_ERROR, HubAway)):
        with hub_server(_echo) as server, FaultyProxy(server.url, 7, weights={fault: 1}) as proxy:
            hub = HttpsHub(proxy.url, b"", Path("/nonexistent"))
            with pytest.raises(kind):
                hub.send(_batch(0))
            hub.close()
