"""People are told once when something comes or grows worse, and once when it is over."""

import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from sync.hub.errors import HomeFault, SettingFault
from sync.hub.fleet.health.notifying import Nobody, open_notifier
from sync.hub.fleet.health.todo import todo_list
from sync.hub.keyring import Keyring
from sync.wire.batch import Reading, State
from tests.sync.hub.fake_door import FakeDoor, an_enrolled_door
from tests.sync.hub.fleet.health.watching import HOUR, MINUTE, Watched

WARM, HOT = Reading("temperature_c", State.OK, 76), Reading("temperature_c", State.BAD, 82)
COOL = Reading("temperature_c", State.OK, 50)


def test_news_is_told_once(hub: Watched, door: FakeDoor) -> None:
    hub.hear(door, WARM)
    hub.hear(door, WARM)
    assert len(hub.messages.told) == 1
    title, text = hub.messages.told[0]
    assert title == "Gapura: 1 baru, 0 selesai"
    assert "Pintu utara" in text
    assert "Anjungan terlalu panas" in text
    assert "https://hub.example.go.id/" in text
    hub.hear(door, HOT)
    hub.hear(door, WARM)
    hub.hear(door, HOT)
    assert len(hub.messages.told) == 2
    for _ in range(3):
        hub.hear(door, COOL, after=5 * MINUTE)
    assert [title for title, _text in hub.messages.told[2:]] == ["Gapura: 0 baru, 1 selesai"]


def test_what_was_not_delivered_is_told_again(hub: Watched, door: FakeDoor) -> None:
    hub.messages.works = False
    hub.hear(door, HOT)
    assert hub.messages.told == []
    hub.messages.works = True
    hub.judge(MINUTE)
    assert len(hub.messages.told) == 1


def test_a_whole_site_is_one_item(hub: Watched, door: FakeDoor, keyring: Keyring) -> None:
    """Of forty kiosks, not forty calls; one that still speaks makes them single items."""
    doors = [door, *(an_enrolled_door(keyring, f"Pintu {number}") for number in range(3))]
    for one in doors:
        hub.hear(one)
    hub.clock.pass_by(2 * HOUR)
    hub.hear(door)
    hub.judge()
    assert len(todo_list(hub.clock())) == 3
    hub.messages.told.clear()
    hub.judge(timedelta(hours=2))
    (item,) = todo_list(hub.clock())
    assert (item.kiosks, item.door, item.site) == (4, "", "Mal Pelayanan Publik")
    assert len(item.alerts) == 4


def _private(path: Path, text: str) -> Path:
    path.write_text(text)
    path.chmod(0o600)
    return path


# Of Python 3.11 and 3.12; the library does without it on 3.13.
_USES_IMGHDR = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")


@_USES_IMGHDR
def test_a_webhook_is_called(tmp_path: Path) -> None:
    """The real library, and a server of this test's own."""
    taken: list[dict[str, object]] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            taken.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_words: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Hook)
    thread = threading.Thread(target=server.handle_request)
    thread.start()
    address = f"json://127.0.0.1:{server.server_port}/hook"
    notifier = open_notifier(_private(tmp_path / "notify", f"# the group\n{address}\n"))
    assert notifier.tell("title", "text")
    thread.join()
    server.server_close()
    assert (taken[0]["title"], taken[0]["message"]) == ("title", "text")


@_USES_IMGHDR
def test_a_hook_that_does_not_answer_is_a_failure(tmp_path: Path) -> None:
    notifier = open_notifier(_private(tmp_path / "notify", "json://127.0.0.1:1/\n"))
    assert not notifier.tell("title", "text")


def test_addresses_are_a_secret(tmp_path: Path) -> None:
    """Without any nobody is told; one that is wrong is not repeated."""
    assert isinstance(open_notifier(tmp_path / "none"), Nobody)
    assert isinstance(open_notifier(_private(tmp_path / "empty", "\n# x\n")), Nobody)
    with pytest.raises(SettingFault, match="address 1") as raised:
        open_notifier(_private(tmp_path / "odd", "nonsense-with-password\n"))
    assert "password" not in str(raised.value)
    readable = _private(tmp_path / "readable", "json://127.0.0.1/\n")
    readable.chmod(0o644)
    with pytest.raises(HomeFault):
        open_notifier(readable)
