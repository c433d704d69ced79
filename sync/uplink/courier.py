"""One errand: fetch what the door has, carry it to the hub, bring back what it answers."""

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sync.uplink.door import Door, deliver, fetch, hello
from sync.uplink.errors import HubAway, HubRefuses, OutOfDate, TooMuch, UplinkError
from sync.uplink.hub import UNKNOWN_TIME, Hub, KnownTime
from sync.uplink.spool import Spool
from sync.wire.batch import MAX_ENTRIES
from sync.wire.envelope import Content, Envelope
from sync.wire.link import Answer, Request

logger = logging.getLogger(__name__)

_FEWEST_ENTRIES = 1
# A door with nothing new is asked at every errand; the hub hears of its health at each fourth.
_IDLE_ERRANDS = 3
Told = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Errand:
    """What one errand did: `has_hub` is False where the kiosk belongs to none yet."""

    has_hub: bool
    carried: int = 0
    brought: int = 0


class Courier:
    """`open_hub(url, ca_pin)` gives the carrier; the spool outlives a kill; `alive` feeds the
    watchdog between two messages, for a long backlog takes long. `update` is given the hub when all
    is carried. `round_trip_ms` is how long the hub's last answer took, None before any.

    No more than one batch and its answer is ever held.
    """

    def __init__(
        self,
        door: Door,
        spool: Spool,
        open_hub: Callable[[str, bytes], Hub],
        *,
        alive: Callable[[], object] = lambda: None,
        update: Callable[[Hub], object] = lambda _hub: None,
    ) -> None:
        self._door = door
        self._spool = spool
        self._open_hub = open_hub
        self._alive = alive
        self._update = update
        self._most_entries = MAX_ENTRIES
        self._hub: tuple[str, bytes, Hub] | None = None
        self._is_unwanted = False
        self._settled_seq = 0
        self._idle = 0
        self.round_trip_ms: int | None = None

    def run_errand(self, in_touch: Told = lambda: None) -> Errand:
        """Carry until nothing waits; `in_touch` hears of every answer of the hub's.

        Raises:
            UplinkError: something is away or refuses; nothing is lost.
        """
        self._hand_over()
        greeting = self._ask(hello())
        if not greeting.hub_url:
            return Errand(has_hub=False)
        settled_seq, self._settled_seq = self._settled_seq, 0
        run = _Run(self._at(greeting), _known(greeting), in_touch)
        try:
            last_seq = self._go(run, settled_seq)
        except HubAway as error:
            self._bring(error.brought)
            raise
        except HubRefuses:
            self._is_unwanted = True
            raise
        self._is_unwanted = False
        self._settled_seq = last_seq
        # Visits go first.
        self._update(run.hub)
        return Errand(has_hub=True, carried=run.carried, brought=run.brought)

    def _go(self, run: "_Run", settled_seq: int) -> int:
        if self._is_unwanted or run.now.latest_ms is None:
            # Nothing is risked on a hub that may still refuse, or on a line whose certificate
            # cannot be judged: a batch without entries, whose receipt tells the time.
            self._exchange(run, fetch(0, 0))
            run.now = self._time()
        try:
            return self._carry(run, settled_seq)
        except OutOfDate:
            # It may be the door's time that is wrong, by a lying time server: the hub's receipt
            # proves it, whatever the dates are of the line on which it comes.
            run.now = UNKNOWN_TIME
            self._exchange(run, fetch(0, 0))
            run.now = self._time()
            return self._carry(run, settled_seq=0)

    def _carry(self, run: "_Run", settled_seq: int) -> int:
        """Carry batch after batch, and return the last entry's number."""
        after_seq = 0
        more = True
        while more:
            self._alive()
            answer = self._ask(fetch(after_seq, self._most_entries))
            if not answer.envelope or self._may_wait(answer, settled_seq):
                return answer.last_seq
            try:
                self._send(run, answer)
            except TooMuch:
                if self._most_entries == _FEWEST_ENTRIES:
                    raise
                self._most_entries = max(_FEWEST_ENTRIES, self._most_entries // 2)
                continue
            more = answer.more and answer.last_seq > after_seq
            after_seq = answer.last_seq
            settled_seq = 0
        self._most_entries = min(MAX_ENTRIES, self._most_entries * 2)
        return after_seq

    def _may_wait(self, answer: Answer, settled_seq: int) -> bool:
        """Say whether there is nothing new: every request costs somebody's phone credit."""
        is_old = bool(settled_seq) and answer.last_seq == settled_seq and not answer.more
        if is_old and self._idle < _IDLE_ERRANDS:
            self._idle += 1
            return True
        self._idle = 0
        return False

    def _exchange(self, run: "_Run", request: Request) -> None:
        answer = self._ask(request)
        if answer.envelope:
            self._send(run, answer)

    def _send(self, run: "_Run", answer: Answer) -> None:
        begun_s = time.monotonic()
        down = run.hub.send(answer.envelope, run.now)
        self.round_trip_ms = round((time.monotonic() - begun_s) * 1000)
        run.carried += 1
        run.brought += len(down)
        run.in_touch()
        self._bring(down)

    def _time(self) -> KnownTime:
        return _known(self._ask(hello()))

    def _ask(self, request: Request) -> Answer:
        answer = self._door.ask(request)
        if answer.error:
            raise UplinkError(f"the door has nothing to carry: {answer.error}")
        return answer

    def _bring(self, down: Iterable[Envelope]) -> None:
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
        where = (greeting.hub_url, greeting.ca_pin)
        if self._hub is None or self._hub[:2] != where:
            if self._hub is not None:
                self._hub[2].close()
            self._hub = (*where, self._open_hub(*where))
        return self._hub[2]


@dataclass(slots=True)
class _Run:
    """An errand under way."""

    hub: Hub
    now: KnownTime
    in_touch: Told
    carried: int = 0
    brought: int = 0


def _known(greeting: Answer) -> KnownTime:
    return KnownTime(greeting.earliest_ms, greeting.latest_ms)
