"""Cards: held up whole or in parts, or found in a file; and what the light says meanwhile."""

import logging
from collections.abc import Callable

from kiosk.handover import Handover
from kiosk.signalling.cue import Signal
from kiosk.standing import CardResult, Stage, Standing
from sync.wire.card_parts import Gathering, read_part
from sync.wire.errors import Malformed

logger = logging.getLogger(__name__)

_LOOK_EVERY_MS = 1_000
_NO_NETWORK = {"no-network", "portal"}
_NO_WORD_OF_THE_LINE = {"", "starting", "no-hub", "door-away", "trouble"}
_SIGNALS = {
    CardResult.TAKEN: Signal.CARD_TAKEN,
    CardResult.PART: Signal.CARD_PART,
    CardResult.REFUSED: Signal.FAULT_CONFIGURATION,
}


class Technician:
    """The door's thread alone calls it."""

    def __init__(self, standing: Standing, handover: Handover, boot_ms: Callable[[], int]) -> None:
        self._standing = standing
        self._handover = handover
        self._boot_ms = boot_ms
        self._gathering = Gathering()
        self._due_ms = 0
        self._has_told = False

    def show(self, text: str) -> Signal | None:
        """Take a card, or a part of one, from the camera; return what the light says to it.

        Raises:
            JournalFault: the membership could not be kept.
        """
        part = read_part(text)
        if part is not None:
            try:
                whole = self._gathering.add(part)
            except Malformed as error:
                logger.warning("an enrolment card is refused: %s", error)
                return _SIGNALS[CardResult.REFUSED]
            if whole is None:
                return _SIGNALS[CardResult.PART]
            text = whole
        result = self._standing.show_card(text)
        if result is CardResult.TAKEN:
            self._handover.give(text, self._boot_ms())
        return _SIGNALS.get(result)

    def look_round(self) -> Signal | None:
        """See now and then what the setup helper has left, and tell it when we are enrolled.

        Raises:
            JournalFault: the membership could not be kept.
        """
        now_ms = self._boot_ms()
        if now_ms < self._due_ms:
            return None
        self._due_ms = now_ms + _LOOK_EVERY_MS
        self._handover.tidy(now_ms)
        self._tell_enrolled()
        text = self._handover.offered()
        if text is None or self._standing.stage is Stage.ENROLLED:
            return None
        return _SIGNALS.get(self._standing.show_card(text))

    def waits_for(self) -> Signal:
        """Return which step of the setup is not done yet."""
        fault = self._handover.fault()
        if fault == "storage":
            return Signal.FAULT_STORAGE
        if self._standing.stage is Stage.UNKNOWN:
            return Signal.FAULT_CONFIGURATION
        line = self._handover.courier()
        if line in _NO_NETWORK or (line in _NO_WORD_OF_THE_LINE and fault == "network"):
            return Signal.FAULT_NETWORK
        return Signal.FAULT_HUB

    def _tell_enrolled(self) -> None:
        membership = self._standing.membership
        if self._has_told or membership is None or self._standing.stage is not Stage.ENROLLED:
            return
        self._has_told = self._handover.tell_enrolled(membership.root_public)
