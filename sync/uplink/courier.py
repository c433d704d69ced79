"""One errand: fetch what the door has, carry it to the hub, bring back what it answers."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from sync.uplink.door import Door, deliver, fetch, hello
from sync.uplink.errors import TooMuch, UplinkError
from sync.uplink.https import Hub
from sync.uplink.spool import Spool
from sync.wire.batch import MAX_ENTRIES
from sync.wire.envelope import Content, Envelope
from sync.wire.link import Answer, Request

logger = logging.getLogger(__name__)

_FEWEST_ENTRIES = 1


@dataclass(frozen=True, slots=True)
class Errand:
    """What one errand did: `has_hub` is False where the kiosk belongs to none yet."""

    has_hub: bool
    carried: int = 0
    brought: int = 0


class Courier:
    """`open_hub(url, ca_pin)` gives the carrier; the spool outlives a kill; `alive` feeds the
    watchdog between two messages, for a long backlog takes long.
    """

    def __init__(
        self,
        door: Door,
        spool: Spool,
        open_hub: Callable[[str, bytes], Hub],
        *,
        alive: Callable[[], object] = lambda: None,
    ) -> None:
        self._door = door
        self._spool = spool
        self._open_hub = open_hub
        self._alive = alive
        self._most_entries = MAX_ENTRIES
        self._hub: tuple[str, bytes, Hub] | None = None

    def run_errand(self) -> Errand:
        """Carry until nothing waits.

        Raises:
            UplinkError: something is away or refuses; nothing is lost.
        """
        self._hand_over()
        greeting = self._ask(hello())
        if not greeting.hub_url:
            return Errand(has_hub=False)
        hub = self._at(greeting)
        carried = brought = after_seq = 0
        more = True
        while more:
            self._alive()
            answer = self._ask(fetch(after_seq, self._most_entries))
            if not answer.envelope:
                break
            try:
                down = hub.send(answer.envelope)
            except TooMuch:
                if self._most_entries == _FEWEST_ENTRIES:
                    raise
                self._most_entries = max(_FEWEST_ENTRIES, self._most_entries // 2)
                continue
            carried += 1
            brought += len(down)
            self._bring(down)
            more = answer.more and answer.last_seq > after_seq
            after_seq = answer.last_seq
        self._most_entries = min(MAX_ENTRIES, self._most_entries * 2)
        return Errand(has_hub=True, carried=carried, brought=brought)

    def _ask(self, request: Request) -> Answer:
        answer = self._door.ask(request)
        if answer.error:
            raise UplinkError(f"the door has nothing to carry: {answer.error}")
        return answer

    def _bring(self, down: list[Envelope]) -> None:
        """Hand receipts over at once (their nonce ages), bundles by way of the spool."""
        for envelope in down:
            if envelope.content is Content.RECEIPT:
                self._report(self._door.ask(deliver(envelope.to_bytes())))
            else:
                self._spool.put(envelope.to_bytes())
        self._hand_over()

    def _hand_over(self) -> None:
        for file, envelope in self._spool.waiting():
            self._report(self._door.ask(deliver(envelope)))
            # Taken or refused: the hub sends again what the door still lacks.
            self._spool.drop(file)

    def _report(self, answer: Answer) -> None:
        if answer.error:
            logger.warning("the door did not take what the hub sent: %s", answer.error)

    def _at(self, greeting: Answer) -> Hub:
        if self._hub is None or self._hub[:2] != (greeting.hub_url, greeting.ca_pin):
            hub = self._open_hub(greeting.hub_url, greeting.ca_pin)
            self._hub = (greeting.hub_url, greeting.ca_pin, hub)
        return self._hub[2]
