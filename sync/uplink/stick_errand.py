"""One kiosk's errand on a stick: take what it brought, put onto it what is not settled."""

import logging
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from sync.uplink.door import Door
from sync.uplink.errors import StickReadOnly, UplinkError
from sync.uplink.stick_folder import StickFolder, made, opened
from sync.uplink.update_box import UpdateBox
from sync.uplink.update_stick import take_update
from sync.wire.batch import MAX_ENTRIES
from sync.wire.errors import Malformed
from sync.wire.link import Answer, Ask, Load, Request
from sync.wire.parcel import DOWN, MAX_DOWN_BYTES, MAX_UP_BYTES, ROOT, SUFFIX, UP, check_parcel
from sync.wire.update import STICK_FOLDER as UPDATES

logger = logging.getLogger(__name__)

_REQUEST = f"request{SUFFIX}"
_HEALTH = f"health{SUFFIX}"
_IDLE_ROUNDS = 4
_ENTRIES = re.compile(r"([0-9a-f]{8})-([0-9]{10,19})-([0-9]{10,19})" + re.escape(SUFFIX))


@dataclass(frozen=True, slots=True)
class Lot:
    """The entries `first` to `last` of an epoch, in one file."""

    epoch: str
    first: int
    last: int

    @property
    def name(self) -> str:
        return f"{self.epoch}-{self.first:010d}-{self.last:010d}{SUFFIX}"

    def covers(self, other: "Lot") -> bool:
        return self.first <= other.first and other.last <= self.last


@dataclass(frozen=True, slots=True)
class Round:
    """What one round did. `damaged` counts what was brought and cannot be read; `has_hub` is False
    where the kiosk belongs to none yet, and nothing could be done.
    """

    carried: int = 0
    brought: int = 0
    damaged: int = 0
    has_hub: bool = True


class StickErrand:
    """Goes round after round with one stick, for as long as it stays in.

    `busy` is told before every file that is written. No more than one file is held at a time. An
    update goes into the `box`: first, for it may be what a door needs that does not answer.
    """

    def __init__(
        self,
        door: Door,
        root: Path,
        *,
        busy: Callable[[], object] = lambda: None,
        box: UpdateBox | None = None,
    ) -> None:
        self._door = door
        self._root = root
        self._busy = busy
        self._box = box
        self._whole: dict[str, tuple[int, int]] = {}
        self._handed_over: set[bytes] = set()
        self._idle = 0

    def go(self) -> Round:
        """Raises UplinkError: the door is away, or the stick fails; nothing is lost."""
        if self._box is not None:
            with opened(self._root, (ROOT, UPDATES)) as folder:
                if folder is not None:
                    take_update(folder, self._box, self._busy)
        answer = self._ask(pack(0, 0))
        if answer.load is None:
            return Round(has_hub=False)
        brought, damaged = self._bring(answer.load.folder)
        if brought:
            # What was settled by a receipt a moment ago need not be carried.
            answer = self._ask(pack(0, 0))
        if answer.load is None:
            return Round(0, brought, damaged)
        with made(self._root, (ROOT, UP, answer.load.folder)) as folder:
            carried = self._carry(folder, answer, answer.load)
        return Round(carried, brought, damaged)

    def _bring(self, own: str) -> tuple[int, int]:
        """Hand over what lies on the stick for this kiosk; return how much was taken, and how
        much is damaged.
        """
        brought = damaged = 0
        with opened(self._root, (ROOT, DOWN, own)) as folder:
            if folder is None:
                return 0, 0
            for name in folder.names():
                if not name.endswith(SUFFIX):
                    continue
                parcel = _whole_parcel(folder, name, MAX_DOWN_BYTES)
                if parcel is None:
                    damaged += 1
                elif self._hand_over(parcel):
                    brought += 1
                    # A stick that takes nothing keeps it, and is told apart by its content.
                    with suppress(StickReadOnly):
                        folder.drop(name)
        return brought, damaged

    def _hand_over(self, parcel: bytes) -> bool:
        """Say whether the door took it. What it refused stays: the hub writes over it."""
        digest = sha256(parcel).digest()
        if digest in self._handed_over:
            return False
        answer = self._door.ask(Request(Ask.UNPACK, envelope=parcel))
        self._handed_over.add(digest)
        if answer.error:
            logger.warning("the door did not take what a stick brought: %s", answer.error)
        return not answer.error

    def _carry(self, folder: StickFolder, answer: Answer, load: Load) -> int:
        folder.drop_halves()
        if not load.epoch:
            return self._write_now_and_then(folder, _REQUEST, answer.envelope)
        folder.drop(_REQUEST)
        lots = self._kept(folder, load)
        carried, after = 0, _begin(lots, load)
        while after < load.newest_seq:
            answer = self._ask(pack(after, MAX_ENTRIES))
            if answer.load is None or answer.load.epoch != load.epoch or answer.last_seq <= after:
                break
            lot = Lot(_short(load.epoch), after + 1, answer.last_seq)
            self._write(folder, lot.name, answer.envelope)
            carried, after = carried + 1, answer.last_seq
            lots = _without(folder, lots, lot)
        return carried or self._write_now_and_then(folder, _HEALTH, answer.envelope)

    def _write_now_and_then(self, folder: StickFolder, name: str, parcel: bytes) -> int:
        """Write what tells of the kiosk alone: at once, then at each fourth round without news."""
        self._idle += 1
        if self._idle % _IDLE_ROUNDS != 1:
            return 0
        self._write(folder, name, parcel)
        return 1

    def _write(self, folder: StickFolder, name: str, parcel: bytes) -> None:
        self._busy()
        folder.write(name, parcel)
        self._whole[name] = folder.mark(name)

    def _kept(self, folder: StickFolder, load: Load) -> list[Lot]:
        """Return what is on the stick and has still to go to the hub; the rest is removed."""
        kept = []
        for name in folder.names():
            lot = _lot(name)
            if lot is None:
                continue
            is_of_use = (
                lot.epoch == _short(load.epoch) and load.settled_seq < lot.last <= load.newest_seq
            )
            if is_of_use and self._is_whole(folder, name):
                kept.append(lot)
            else:
                folder.drop(name)
        return sorted(kept, key=lambda lot: (lot.first, lot.last))

    def _is_whole(self, folder: StickFolder, name: str) -> bool:
        """Read each file once: a stick may have been pulled out in the middle of it."""
        mark = folder.mark(name)
        if self._whole.get(name) != mark:
            if _whole_parcel(folder, name, MAX_UP_BYTES) is None:
                return False
            self._whole[name] = mark
        return True

    def _ask(self, request: Request) -> Answer:
        answer = self._door.ask(request)
        if answer.error:
            raise UplinkError(f"the door has nothing to carry: {answer.error}")
        return answer


def pack(after_seq: int, most_entries: int) -> Request:
    return Request(Ask.PACK, after_seq=after_seq, most_entries=most_entries)


def _begin(lots: Sequence[Lot], load: Load) -> int:
    """Return behind which entry to go on: behind what is on the stick without a gap.

    The last file is written anew while it is small: a stick that lies in for weeks would else
    have one for every quarter of an hour.
    """
    covered, tail = load.settled_seq, None
    for lot in lots:
        if lot.first > covered + 1:
            break
        if lot.last > covered:
            covered, tail = lot.last, lot
    is_small = tail is not None and tail.last - tail.first + 1 < MAX_ENTRIES // 2
    if tail is not None and is_small and covered < load.newest_seq:
        return max(tail.first - 1, load.settled_seq)
    return covered


def _without(folder: StickFolder, lots: Sequence[Lot], written: Lot) -> list[Lot]:
    """Remove what the file that was just written holds as well."""
    for lot in lots:
        if lot != written and written.covers(lot):
            folder.drop(lot.name)
    return [lot for lot in lots if not written.covers(lot)]


def _whole_parcel(folder: StickFolder, name: str, most_bytes: int) -> bytes | None:
    content = folder.read(name, most_bytes)
    if content is None:
        return None
    try:
        check_parcel(content)
    except Malformed:
        logger.warning("a file on the stick is damaged: %s", name)
        return None
    return content


def _lot(name: str) -> Lot | None:
    found = _ENTRIES.fullmatch(name)
    return None if found is None else Lot(found[1], int(found[2]), int(found[3]))


def _short(epoch: bytes) -> str:
    return epoch.hex()[:8]
