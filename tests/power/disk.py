"""What may be on a disk after the power was cut: a harsh model, harsher than ext4.

Durable is what a returned fsync or fdatasync of the same file covers; of names, of the directory;
what a sync that failed should have covered never is, unless it is written again.
Of all else any part may be there: a write whole, in part, or not; a length with nothing behind it;
a name made, moved or gone, each by itself and in any order.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256

from tests.power.calls import Act, Event
from tests.power.following import follow
from tests.power.image import DIRECTORY, NEVER, Change, Image

# Made anew by whoever opens the journal first: what lies in it must not matter.
SHARED_MEMORY = "-shm"


class How(Enum):
    """Which of the changes that no barrier covers are there."""

    NONE = "none of them"
    ALL = "all of them"
    ONE_LOST = "all but one"
    ONE_KEPT = "one of them"
    FIRST = "the first of them"
    SOME = "some of them"
    TORN = "some of them, in part"


@dataclass(frozen=True, slots=True)
class State:
    """Files as they are found (a name that ends with "/" is a directory), and the lights that
    had been lit when the power was cut.
    """

    line: int
    how: How
    lights: tuple[str, ...]
    files: Mapping[str, bytes]

    @property
    def digest(self) -> bytes:
        content = sha256(str(len(self.lights)).encode())
        for name in sorted(self.files):
            content.update(name.encode() + b"\0" + sha256(self.files[name]).digest())
        return content.digest()


class Disk:
    """One recording on a disk that held the files `before`, all of them durable."""

    def __init__(self, before: Mapping[str, bytes], events: Sequence[Event]) -> None:
        self._first = Image(
            {
                name: DIRECTORY if name.endswith("/") else number
                for number, name in enumerate(before, 1)
            },
            {number: bytearray(content) for number, content in enumerate(before.values(), 1)},
        )
        relevant = [event for event in events if not event.name.endswith(SHARED_MEMORY)]
        self._changes = follow(self._first.copy(), relevant)
        self._lights = [event for event in relevant if event.act is Act.LIGHT]
        self._bases: dict[int, tuple[Image, list[Change]]] = {}

    @property
    def lines(self) -> list[int]:
        """Where a cut makes a difference: behind the begin and the end of whatever happens."""
        begun = {change.begun + 1 for change in self._changes}
        covered = {change.durable_from + 1 for change in self._changes} - {NEVER + 1}
        return sorted(begun | covered | set(self.light_lines))

    @property
    def light_lines(self) -> list[int]:
        return [light.begun + 1 for light in self._lights]

    def whole(self) -> dict[str, bytes]:
        """Return the files as they are when all has happened."""
        image = self._first.copy()
        for change in self._changes:
            image.apply(change)
        return image.files()

    def state(self, line: int, how: How, seed: int) -> State:
        """Return what may be found where the power was cut before this line of the trace."""
        chance = random.Random(seed)
        base, tail = self._base(line)
        pending = [number for number, change in enumerate(tail) if change.durable_from >= line]
        kept = chosen(pending, how, chance)
        image = base.copy()
        for number, change in enumerate(tail):
            if change.durable_from < line or number in kept:
                image.apply(change)
            elif how is How.TORN and change.data and chance.random() < 0.7:
                image.apply_in_part(change, chance)
        lights = tuple(light.data.decode() for light in self._lights if light.begun < line)
        return State(line, how, lights, image.files())

    def _base(self, line: int) -> tuple[Image, list[Change]]:
        """Return all before the first change that is not durable, and the changes from there."""
        if line not in self._bases:
            happened = [change for change in self._changes if change.begun < line]
            loose = (n for n, change in enumerate(happened) if change.durable_from >= line)
            first = next(loose, len(happened))
            image = self._first.copy()
            for change in happened[:first]:
                image.apply(change)
            self._bases = {line: (image, happened[first:])}
        return self._bases[line]


def chosen(pending: list[int], how: How, chance: random.Random) -> set[int]:
    """Return which of the changes that no barrier covers are there as a whole."""
    if not pending or how is How.NONE:
        return set()
    match how:
        case How.ALL:
            return set(pending)
        case How.ONE_LOST:
            return set(pending) - {chance.choice(pending)}
        case How.ONE_KEPT:
            return {chance.choice(pending)}
        case How.FIRST:
            return set(pending[: chance.randint(1, len(pending))])
        case How.SOME:
            return {number for number in pending if chance.random() < 0.5}
    return {number for number in pending if chance.random() < 0.3}


class StateStream:
    """Gives each state once: first what is durable at each light, and nothing else; then any."""

    _PATIENCE = 2_000

    def __init__(self, disk: Disk, seed: int) -> None:
        self._disk = disk
        self._chance = random.Random(seed)
        self._seen: set[bytes] = set()
        self._first = [(line, How.NONE) for line in disk.light_lines]
        self._lines = disk.lines

    def draw(self) -> State | None:
        """Return a state that was not drawn before; None where hardly any is left."""
        for _ in range(self._PATIENCE):
            line, how = self._next()
            state = self._disk.state(line, how, self._chance.getrandbits(32))
            if state.digest not in self._seen:
                self._seen.add(state.digest)
                return state
        return None

    def _next(self) -> tuple[int, How]:
        if self._first:
            return self._first.pop(0)
        return self._chance.choice(self._lines), self._chance.choice(list(How))
