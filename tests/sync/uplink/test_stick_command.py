"""`gapura-sync run` serves a stick beside its errands, over the door's real socket."""

import signal
from dataclasses import dataclass
from pathlib import Path

import pytest

from sync.uplink.__main__ import main
from sync.wire.link import Answer, Ask, Request, StickState
from tests.sync.uplink.servers import door_server
from tests.sync.uplink.stick_ends import EmptyingHub, PackingDoor

pytestmark = pytest.mark.usefixtures("process_as_it_was")


@dataclass(slots=True)
class _Stopping(PackingDoor):
    """Has the courier told to stop when the stick may be pulled out."""

    def ask(self, request: Request) -> Answer:
        answer = PackingDoor.ask(self, request)
        if request.ask is Ask.STICK and request.stick is StickState.DONE:
            signal.raise_signal(signal.SIGTERM)
        return answer


def test_a_stick_is_served_while_there_is_no_hub(tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    (stick / "gapura").mkdir(parents=True)
    door = _Stopping(newest_seq=700)
    with door_server(tmp_path / "courier.sock", door.ask):
        words = ["run", "--run-dir", tmp_path, "--state-dir", tmp_path / "state", "--stick", stick]
        assert main([str(word) for word in words]) == 0
    hub = EmptyingHub()
    hub.empty(stick)
    assert hub.acked(door.folder) == 700
    assert door.states == [StickState.ABSENT, StickState.BUSY, StickState.DONE]
