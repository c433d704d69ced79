"""The door is asked over its socket; whatever does not answer as a door does is a door away."""

import socket
from pathlib import Path

import pytest

from sync.uplink.door import DoorSocket, deliver, fetch, hello
from sync.uplink.errors import DoorAway
from sync.wire.link import LENGTH, MAX_FRAME_BYTES, Answer, Ask, Request, encode_answer, frame
from tests.sync.uplink.servers import door_server


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "courier.sock"


def test_what_can_be_asked() -> None:
    assert hello() == Request(Ask.HELLO)
    assert fetch(7, 50) == Request(Ask.FETCH, after_seq=7, most_entries=50)
    assert deliver(b"x") == Request(Ask.DELIVER, envelope=b"x")


def test_every_request_is_answered_on_its_own_connection(path: Path) -> None:
    asked: list[Request] = []

    def answer(request: Request) -> Answer:
        asked.append(request)
        return Answer(envelope=request.envelope, last_seq=len(asked))

    door = DoorSocket(path)
    large = bytes(3_000_000)
    with door_server(path, answer):
        assert door.ask(hello()) == Answer(last_seq=1)
        assert door.ask(deliver(large)) == Answer(envelope=large, last_seq=2)
    with door_server(path, answer):
        assert door.ask(fetch(1, 2)).last_seq == 3
    assert asked == [hello(), deliver(large), fetch(1, 2)]


@pytest.mark.parametrize(
    "said",
    [
        None,
        b"",
        b"\0\0",
        LENGTH.pack(10) + b"short",
        LENGTH.pack(MAX_FRAME_BYTES + 1),
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        frame(b""),
        frame(b"nonsense"),
        encode_answer(Answer())[:-1],
    ],
)
def test_an_answer_of_another_form_is_a_door_away(said: bytes | None, path: Path) -> None:
    with door_server(path, lambda _request: said), pytest.raises(DoorAway):
        DoorSocket(path).ask(hello())


def test_no_socket_is_a_door_away(path: Path) -> None:
    with pytest.raises(DoorAway, match="No such file"):
        DoorSocket(path).ask(hello())
    path.write_text("")
    with pytest.raises(DoorAway):
        DoorSocket(path).ask(hello())
    with pytest.raises(DoorAway):
        DoorSocket(path.with_name("x" * 200)).ask(hello())


def test_a_door_that_says_nothing_is_given_up_on(path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as silent:
        silent.bind(str(path))
        silent.listen(1)
        with pytest.raises(DoorAway, match="timed out"):
            DoorSocket(path, timeout_s=0.01).ask(hello())
