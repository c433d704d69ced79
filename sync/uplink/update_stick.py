"""Takes the newest update that lies on a stick, where the kiosk has use for it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from sync.uplink.errors import StickFault, UplinkError
from sync.uplink.stick_folder import StickFolder, translated
from sync.uplink.update_box import UpdateBox
from sync.wire.errors import WireError
from sync.wire.update import PREFIX_BYTES, SUFFIX, glance, head_length, rank_of

logger = logging.getLogger(__name__)

_PIECE_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class _Found:
    name: str
    version: str
    size_bytes: int
    mark: bytes


def take_update(folder: StickFolder, box: UpdateBox, busy: Callable[[], object]) -> bool:
    """Return whether one was taken; `busy` is told now and then while it is copied. Where the kiosk
    has no room for it, visits are carried all the same.

    Raises:
        StickFault: the stick fails.
    """
    with box.lock:
        found = [
            each
            for name in folder.names()
            if name.endswith(SUFFIX) and (each := _look(folder, name)) is not None
        ]
        # Another file of a version that was refused may be the right one.
        wanted = [
            each
            for each in found
            if box.wants(each.version, has_refused=False) and not box.was_handed_over(each.mark)
        ]
        if not wanted:
            return False
        newest = max(wanted, key=lambda each: rank_of(each.version))
        try:
            _copy(folder, newest, box, busy)
        except StickFault:
            raise
        except UplinkError as error:
            logger.warning("an update on the stick has to wait: %s", error)
            return False
    logger.info("a stick has brought version %s", newest.version)
    return True


def _look(folder: StickFolder, name: str) -> _Found | None:
    file = folder.open(name)
    if file is None:
        return None
    try:
        with translated(), file:
            length = head_length(file.read(PREFIX_BYTES))
            head = file.read(length)
        update = glance(head)
    except WireError:
        logger.warning("a file on the stick is no update: %s", name)
        return None
    size = PREFIX_BYTES + length + update.packed_bytes
    found, written_ns = folder.mark(name)
    if found != size:
        logger.warning("an update on the stick is cut off: %s", name)
        return None
    return _Found(name, update.version, size, sha256(head + written_ns.to_bytes(12)).digest())


def _copy(folder: StickFolder, found: _Found, box: UpdateBox, busy: Callable[[], object]) -> None:
    source = folder.open(found.name)
    if source is None:
        raise StickFault("the stick fails: an update on it is gone")
    with source, box.draft(found.size_bytes) as draft:
        left = found.size_bytes
        while left:
            busy()
            with translated():
                piece = source.read(min(left, _PIECE_BYTES))
            if not piece:
                raise StickFault("the stick fails: an update on it ended too early")
            draft.write(piece)
            left -= len(piece)
    box.hand_over_draft(found.mark)
