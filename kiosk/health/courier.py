"""Whether the process that has the network behaves towards the door."""

from collections.abc import Callable

from kiosk.health.finding import Finding
from sync.wire.batch import State

# Less may come of a courier that is killed, or of a hub that was restored.
MANY = 10
_ADVICE = "start the courier again; if it stays so, take the kiosk off the network and make it anew"


class CourierCheck:
    """`lately` gives how many misdeeds were noted lately, and what the most frequent is."""

    def __init__(self, lately: Callable[[], tuple[int, str]]) -> None:
        self._lately = lately

    def find(self) -> Finding:
        count, worst = self._lately()
        if count < MANY:
            return Finding("courier_misdeeds", State.OK, "the courier behaves", value=count)
        said = f"the courier misbehaves: {worst}"
        return Finding("courier_misdeeds", State.BAD, said, _ADVICE, count)
