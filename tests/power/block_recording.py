"""The real door on a disk whose every write is logged, and where in the log its lights were."""

import shutil
import signal
import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.power.block_device import LoggedMount, check, logged, make_image, mounted
from tests.power.block_log import Cut, LoggedDisk, read_log
from tests.power.disk import Disk, State
from tests.power.recording import Recording, card_files
from tests.power.todays_hub import Shown, TodaysHub
from tests.power.traced_door import TracedDoor

_LOOK_EVERY_S = 0.001


@dataclass(frozen=True, slots=True)
class Light:
    """What the lamp said, when the log had so many entries at its last flush."""

    entries: int
    said: str


class Watch:
    """Notes each line of the lamp at once.

    A flush between a light and its note would let the light count from that flush on only: that
    the note comes late can hide a loss, and never makes one up.
    """

    def __init__(self, lamp: Path, disk: LoggedMount) -> None:
        self.lights: list[Light] = []
        self._lamp, self._disk = lamp, disk
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()

    def end(self) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        line, is_over = "", False
        with self._lamp.open() as lamp:
            while not is_over:
                is_over = self._ended.wait(_LOOK_EVERY_S)
                while text := lamp.readline():
                    line += text
                    if line.endswith("\n"):
                        self.lights.append(Light(self._disk.entries(), line.rstrip("\n")))
                        line = ""


class BlockRecorder:
    """Records one door; images and log lie in `place`, best in memory."""

    def __init__(self, place: Path) -> None:
        place.mkdir(parents=True)
        self._place = place
        self._before = place / "before.img"
        self.lights: list[Light] = []
        self.disk = LoggedDisk([])

    def record(
        self,
        name: str,
        home: Path,
        hub: TodaysHub,
        earlier: list[bytes],
        play: Callable[[TracedDoor], list[Shown]],
        *,
        program: tuple[str, ...] = ("-m", "kiosk"),
        remembers: bool = True,
    ) -> Recording:
        """Run the door with its card on the disk, and kill it in the end."""
        make_image(self._before)
        with mounted(self._before, self._place / "before") as card:
            shutil.copytree(home / "state", card, dirs_exist_ok=True)
        image = self._place / "disk.img"
        _copy(self._before, image)
        with logged(image, home / "state") as disk, ExitStack() as stack:
            door = TracedDoor(home, program=program, strace=())
            stack.callback(door.stop, signal.SIGKILL)
            watch = Watch(door.lamp, disk)
            stack.callback(watch.end)
            shown = play(door)
        self.lights = watch.lights
        assert [light.said for light in self.lights] == door.lights(), "a light was not noted"
        self.disk = LoggedDisk(read_log(disk.log.read_bytes()))
        return Recording(name, hub, Disk({}, []), (), tuple(earlier), tuple(shown), remembers)

    def open(self, cut: Cut) -> State:
        """Return what lies on the card when the disk is mounted again after the cut.

        Raises:
            DiskFault: the file system does not mount, or is damaged.
        """
        image = self._place / "cut.img"
        _copy(self._before, image)
        with image.open("r+b") as disk:
            for write in (*self.disk.writes[: cut.durable], *cut.loose):
                disk.seek(write.offset)
                disk.write(write.data)
        with mounted(image, self._place / "cut") as card:
            files = card_files(card)
        check(image)
        lights = tuple(light.said for light in self.lights if light.entries <= cut.durable)
        return State(cut.entries, cut.how, lights, files)


def _copy(image: Path, to: Path) -> None:
    """Copy an image, holes as holes."""
    hole = bytes(2**20)
    with image.open("rb") as source, to.open("wb") as copy:
        while part := source.read(len(hole)):
            if part != hole:
                copy.seek(source.tell() - len(part))
                copy.write(part)
        copy.truncate(source.tell())
