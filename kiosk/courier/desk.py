"""Answers the courier. It carries bytes: what it brings is believed for its signature alone."""

import logging
from collections.abc import Callable

from kiosk.errors import KioskError
from kiosk.instants import Moment
from kiosk.journal.journal import Journal
from kiosk.journal.outgoing import Circumstance
from kiosk.standing import Stage, Standing
from sync.wire.batch import Reading
from sync.wire.envelope import Content, Envelope, open_envelope
from sync.wire.errors import WireError
from sync.wire.link import Answer, Ask, Request
from sync.wire.receipt import open_receipt

logger = logging.getLogger(__name__)


class Desk:
    """`health` gives the readings that ride along; `software` is this program's version."""

    def __init__(
        self,
        journal: Journal,
        standing: Standing,
        health: Callable[[], tuple[Reading, ...]],
        moment: Callable[[], Moment],
        software: str,
    ) -> None:
        self._journal = journal
        self._standing = standing
        self._health = health
        self._moment = moment
        self._software = software
        self.last_receipt_boot_ms: int | None = None

    def answer(self, request: Request) -> Answer:
        """Carry out one request; what fails is said in the answer, not raised."""
        try:
            match request.ask:
                case Ask.HELLO:
                    return self._hello()
                case Ask.FETCH:
                    return self._fetch(request)
                case Ask.DELIVER:
                    return self._take(open_envelope(request.envelope))
        except (KioskError, WireError) as error:
            logger.warning("the courier's request cannot be carried out: %s", error)
            return Answer(error=str(error)[:200])

    def _hello(self) -> Answer:
        membership = self._standing.membership
        if membership is None:
            return Answer()
        return Answer(hub_url=membership.hub_url, ca_pin=membership.ca_pin)

    def _fetch(self, request: Request) -> Answer:
        membership = self._standing.membership
        if membership is None:
            return Answer()
        if self._standing.stage is Stage.ASKING:
            message = self._standing.enrolment_request()
            envelope = Envelope(Content.ENROLMENT, membership.device, message)
            return Answer(envelope=envelope.to_bytes())
        reference = self._standing.reference
        circumstance = Circumstance(
            moment=self._moment(),
            health=self._health(),
            bundle_version=0 if reference is None else reference.version,
            software=self._software,
        )
        outgoing = self._journal.next_batch(request.after_seq, request.most_entries, circumstance)
        envelope = Envelope(Content.BATCH, membership.device, outgoing.message)
        return Answer(envelope=envelope.to_bytes(), last_seq=outgoing.last_seq, more=outgoing.more)

    def _take(self, envelope: Envelope) -> Answer:
        if envelope.content is Content.BUNDLE:
            self._standing.take_bundle(envelope.message)
            return Answer()
        if envelope.content is Content.RECEIPT:
            receipt = open_receipt(envelope.message, self._standing.hub_keys())
            moment = self._moment()
            if not self._journal.apply_receipt(receipt, moment):
                return Answer(error="the receipt is for another journal")
            self.last_receipt_boot_ms = moment.boot_ms
            self._standing.confirm(receipt.bundle_version, receipt.hub_time_ms)
            return Answer()
        return Answer(error="a kiosk takes receipts and bundles only")
