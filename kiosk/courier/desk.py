"""Answers the courier. It carries bytes: what it brings is believed for its signature alone."""

import logging
from collections.abc import Callable
from dataclasses import replace

from kiosk.courier.conduct import Conduct, Misdeed
from kiosk.errors import KioskError, ReferenceFault
from kiosk.instants import Moment
from kiosk.journal.journal import Journal
from kiosk.journal.outgoing import Circumstance
from kiosk.standing import Stage, Standing
from sync.wire.batch import Reading
from sync.wire.envelope import Content, Envelope, open_envelope
from sync.wire.errors import WireError
from sync.wire.keys import Purpose
from sync.wire.link import Answer, Ask, Load, Request, StickState
from sync.wire.parcel import folder_of, pack_parcel
from sync.wire.receipt import open_receipt

logger = logging.getLogger(__name__)


class Desk:
    """`health` gives the readings that ride along; `software` is this program's version; `stick`
    is told how a stick fares, `radio` how strong the WiFi is.
    """

    def __init__(
        self,
        journal: Journal,
        standing: Standing,
        health: Callable[[], tuple[Reading, ...]],
        moment: Callable[[], Moment],
        software: str,
        *,
        conduct: Conduct | None = None,
        stick: Callable[[StickState], object] = lambda _state: None,
        radio: Callable[[int | None], object] = lambda _dbm: None,
    ) -> None:
        self._journal = journal
        self._standing = standing
        self._health = health
        self._moment = moment
        self._software = software
        self._conduct = conduct or Conduct(lambda: moment().boot_ms)
        self._stick = stick
        self._radio = radio
        self.last_asked_boot_ms: int | None = None
        self.last_receipt_boot_ms: int | None = None

    def answer(self, request: Request) -> Answer:
        """Carry out one request; what fails is said in the answer, not raised."""
        self.last_asked_boot_ms = self._moment().boot_ms
        try:
            match request.ask:
                case Ask.HELLO:
                    return self._hello()
                case Ask.FETCH:
                    return self._fetch(request)
                case Ask.DELIVER:
                    return self._take(open_envelope(request.envelope))
                case Ask.RADIO:
                    self._radio(request.radio_dbm)
                    return Answer()
            return self._serve_stick(request)
        except (KioskError, WireError) as error:
            if isinstance(error, (ReferenceFault, WireError)):
                self._conduct.note(Misdeed.FORGED)
            logger.warning("the courier's request cannot be carried out: %s", error)
            return Answer(error=str(error)[:200])

    def _hello(self) -> Answer:
        membership = self._standing.membership
        if membership is None:
            return Answer()
        now = self._journal.now(self._moment())
        return Answer(
            hub_url=membership.hub_url,
            ca_pin=membership.ca_pin,
            # A time before 1970 is possible within an anchor's error, and says nothing.
            earliest_ms=max(now.earliest_ms, 0),
            latest_ms=None if now.latest_ms is None else max(now.latest_ms, 0),
        )

    def _fetch(self, request: Request) -> Answer:
        membership = self._standing.membership
        if membership is None:
            return Answer()
        if self._standing.stage is Stage.ASKING:
            message = self._standing.enrolment_request()
            envelope = Envelope(Content.ENROLMENT, membership.device, message)
            return Answer(envelope=envelope.to_bytes(), load=Load(folder_of(membership.device)))
        reference = self._standing.reference
        circumstance = Circumstance(
            moment=self._moment(),
            health=self._health(),
            bundle_version=0 if reference is None else reference.version,
            software=self._software,
        )
        outgoing = self._journal.next_batch(request.after_seq, request.most_entries, circumstance)
        envelope = Envelope(Content.BATCH, membership.device, outgoing.message)
        load = Load(
            folder_of(membership.device),
            *(outgoing.epoch, outgoing.settled_seq, outgoing.newest_seq),
        )
        return Answer(
            envelope=envelope.to_bytes(), last_seq=outgoing.last_seq, more=outgoing.more, load=load
        )

    def _serve_stick(self, request: Request) -> Answer:
        if request.ask is Ask.PACK:
            return self._pack(request)
        if request.ask is Ask.UNPACK:
            return self._unpack(request.envelope)
        self._stick(request.stick)
        return Answer()

    def _pack(self, request: Request) -> Answer:
        """Seal to the hub what would go out: a stick may be lost on the way."""
        answer = self._fetch(request)
        if answer.load is None:
            return answer
        to = self._standing.hub_keys().newest(Purpose.SEALING).sealing()
        return replace(answer, envelope=pack_parcel(open_envelope(answer.envelope), to))

    def _unpack(self, parcel: bytes) -> Answer:
        """Take what came on a stick. Anybody may have written on that: it is no misdeed of the
        courier's where it is not the hub's.
        """
        try:
            return self._take(self._standing.unpack(parcel))
        except (ReferenceFault, WireError) as error:
            logger.warning("what a stick brought is refused: %s", error)
            return Answer(error=str(error)[:200])

    def _take(self, envelope: Envelope) -> Answer:
        if envelope.content is Content.BUNDLE:
            self._standing.take_bundle(envelope.message)
            return Answer()
        if envelope.content is Content.RECEIPT:
            receipt = open_receipt(envelope.message, self._standing.hub_keys())
            moment = self._moment()
            if not self._journal.apply_receipt(receipt, moment):
                self._conduct.note(Misdeed.FORGED)
                return Answer(error="the receipt is for another journal")
            self.last_receipt_boot_ms = moment.boot_ms
            self._standing.confirm(receipt.bundle_version, receipt.hub_time_ms)
            return Answer()
        self._conduct.note(Misdeed.FORGED)
        return Answer(error="a kiosk takes receipts and bundles only")
