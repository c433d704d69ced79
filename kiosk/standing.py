"""Where the kiosk stands with its hub: unknown to any, asked to be let in, or enrolled."""

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from enum import Enum
from pathlib import Path

from kiosk.errors import JournalFault, KioskError, ReferenceFault
from kiosk.instants import Moment
from kiosk.journal.door_keys import DoorKeys, load_keys, make_keys, store_keys
from kiosk.journal.facts import Membership, membership_by
from kiosk.journal.journal import Journal
from kiosk.journal.salvage import MEMBERSHIP_FILE
from kiosk.journal.whole_file import write_whole
from kiosk.reference.reference import Reference, read_reference
from kiosk.reference.seals import require_seals
from kiosk.reference.shelf import publish, take_down
from sync.wire.bundle import unseal_bundle
from sync.wire.card import Card, open_card, open_later_card, open_time_card
from sync.wire.enrolment import EnrolmentRequest, seal_request
from sync.wire.envelope import Envelope
from sync.wire.errors import Malformed, WireError
from sync.wire.keys import KeyList, Purpose, open_key_list
from sync.wire.parcel import open_parcel

logger = logging.getLogger(__name__)


class Stage(Enum):
    """How far the kiosk has come."""

    UNKNOWN = "unknown"
    ASKING = "asking"
    ENROLLED = "enrolled"


class CardResult(Enum):
    TAKEN = "taken"
    PART = "part"
    REFUSED = "refused"
    NOT_NEEDED = "not needed"


class Standing:
    """Keeps keys, membership and reference together; a run begins as soon as there is a hub.

    `board` is what tells this board and card from others; `moment` asks the clock.
    """

    def __init__(
        self,
        state_dir: Path,
        journal: Journal,
        board: str,
        moment: Callable[[], Moment],
        *,
        begin_run: bool = True,
    ) -> None:
        self._key_path = state_dir / "door.key"
        self._reference_path = state_dir / "reference.db"
        self._journal = journal
        self._board = board
        self._moment = moment
        self._changing = threading.Lock()
        self._keys = load_keys(self._key_path)
        self._membership = self._kept_membership()
        self.reference: Reference | None = None
        if self._keys is not None and self._membership is not None:
            self.reference = self._load_reference(self._membership)
            if begin_run:
                self._remember_reference()
                self._begin_run(self._keys, self._membership)
        was_told = self.reference is not None or journal.bundle_version() > 0
        self._is_enrolled = self._membership is not None and was_told

    @classmethod
    def look(cls, state_dir: Path, journal: Journal, moment: Callable[[], Moment]) -> "Standing":
        """Read where the kiosk stands and change nothing."""
        return cls(state_dir, journal, "", moment, begin_run=False)

    @property
    def stage(self) -> Stage:
        if self._keys is None or self._membership is None:
            return Stage.UNKNOWN
        return Stage.ENROLLED if self._is_enrolled else Stage.ASKING

    @property
    def membership(self) -> Membership | None:
        return self._membership

    def show_card(self, text: str) -> CardResult:
        """Join the hub of an enrolment card; an enrolled kiosk takes time cards of its hub, and
        newer cards for its door: where the hub is now.

        The door's thread brings cards, the courier's brings bundles, and one thing changes where
        we stand at a time. The door does not wait: publishing a bundle may take a minute, and a
        card that comes meanwhile can be shown again.

        Raises:
            JournalFault: the membership could not be kept.
        """
        was_enrolled = self.stage is Stage.ENROLLED
        if was_enrolled and (result := self._take_time_card(text)) is not None:
            return result
        if not self._changing.acquire(blocking=False):
            return CardResult.NOT_NEEDED
        try:
            if was_enrolled:
                return self._take_later_card(text)
            # A bundle may have come between the two questions.
            return CardResult.NOT_NEEDED if self._is_enrolled else self._join(text)
        finally:
            self._changing.release()

    def _join(self, text: str) -> CardResult:
        try:
            card, keys_of_hub = open_card(text, pinned_root=None)
            require_seals(keys_of_hub)
            self._require_in_time(card)
        except WireError as error:
            logger.warning("an enrolment card is refused: %s", error)
            return CardResult.REFUSED
        if self._membership is not None and self._membership.token == card.token:
            return CardResult.NOT_NEEDED
        keys = make_keys()
        store_keys(self._key_path, keys)
        membership = membership_by(card, keys.device)
        self._keep_copy(membership)
        moment = self._moment()
        self._journal.join(membership, keys, self._board, moment, card.issued_at_s)
        self._journal.begin_run(keys, keys_of_hub, self._board, moment)
        self._keys, self._membership = keys, membership
        logger.info("the kiosk asks to be enrolled")
        return CardResult.TAKEN

    def _require_in_time(self, card: Card) -> None:
        """Only what is known of the time counts: a clock that is merely set proves nothing."""
        if self._journal.now(self._moment()).earliest_ms > card.expires_s * 1000:
            raise Malformed("its time is over")

    def _keep_copy(self, membership: Membership) -> None:
        """Keep beside the journal what it takes to be a door of this hub, should it be damaged."""
        try:
            write_whole(self._key_path.with_name(MEMBERSHIP_FILE), membership.to_bytes())
        except OSError as error:
            raise JournalFault(
                f"the membership cannot be written: {error.strerror}",
                hint="see whether the card is full or failing (`gapura-kiosk check`)",
            ) from error

    def _take_later_card(self, text: str) -> CardResult:
        """Take over where the hub is now; keys, door and journal stay as they are."""
        membership = self._require()[1]
        try:
            root = membership.root_public
            card = open_later_card(text, pinned_root=root, keys=self.hub_keys())
            self._require_in_time(card)
        except WireError as error:
            logger.warning("an enrolment card is refused: %s", error)
            return CardResult.REFUSED
        if wrong := membership.objection_to(card, newer_than_s=self._journal.card_issued_s()):
            logger.warning("an enrolment card is refused: %s", wrong)
            return CardResult.REFUSED
        moved = replace(membership, hub_url=card.hub_url, ca_pin=card.ca_pin or b"")
        self._keep_copy(moved)
        self._journal.move(moved, card.issued_at_s)
        self._membership = moved
        logger.info("a newer card says where the hub is")
        return CardResult.TAKEN

    def _take_time_card(self, text: str) -> CardResult | None:
        """Take the time of a card of our hub's as one that has passed; None: it is no such card."""
        try:
            issued_at_s = open_time_card(text, self.hub_keys())
        except WireError:
            return None
        if not self._journal.raise_floor(issued_at_s * 1000):
            return CardResult.NOT_NEEDED
        return CardResult.TAKEN

    def enrolment_request(self) -> bytes:
        """Return the sealed request for the hub; only where the stage is ASKING."""
        keys, membership = self._require()
        request = EnrolmentRequest(
            token=membership.token,
            door=membership.door,
            signing_public=keys.signing_public,
            sealing_public=keys.sealing_public,
            hardware=self._board,
        )
        hub_key = self._hub_keys(membership).newest(Purpose.SEALING)
        return seal_request(request, keys.signing, hub_key)

    def unpack(self, parcel: bytes) -> Envelope:
        """Open what came on a stick; raises WireError where it is not for this door."""
        return open_parcel(parcel, (self._require()[0].sealing,))

    def take_bundle(self, message: bytes) -> Reference:
        """Check a bundle, publish it and use it from now on; see `_take_bundle`."""
        with self._changing:
            return self._take_bundle(message)

    def _take_bundle(self, message: bytes) -> Reference:
        """Check a bundle, publish it and use it from now on.

        Raises:
            ReferenceFault: it is not for this door, older than what was taken, or unusable.
        """
        keys, membership = self._require()
        try:
            signed = unseal_bundle(message, keys.sealing, device=keys.device)
        except WireError as error:
            raise _refused(str(error)) from error
        reference = self._read(signed, membership)
        if self.reference is not None and reference.rank == self.reference.rank:
            return self.reference
        if reference.rank < self._journal.bundle_rank():
            raise _refused("it is older than the one that was taken before")
        _require_usable_seals(reference.keys)
        publish(signed, self._reference_path)
        self._journal.took_bundle(reference.rank, reference.issued_at_ms)
        self.reference, self._is_enrolled = reference, True
        logger.info("bundle %d is in force", reference.version)
        return reference

    def confirm(self, version: int, hub_time_ms: int) -> None:
        """Note the hub's word that nothing is newer than this bundle at that time."""
        with self._changing:
            if self.reference is not None and self.reference.version == version:
                self.reference = self.reference.confirmed(hub_time_ms)
                self._journal.confirm(version, hub_time_ms)

    def hub_keys(self) -> KeyList:
        """Return the newest list of the hub's keys that is known.

        Raises:
            ReferenceFault: the kiosk belongs to no hub.
        """
        return self._hub_keys(self._require()[1])

    def _hub_keys(self, membership: Membership) -> KeyList:
        if self.reference is not None:
            return self.reference.keys
        return open_key_list(membership.key_list, membership.root_public)

    def _begin_run(self, keys: DoorKeys, membership: Membership) -> None:
        self._journal.begin_run(keys, self._hub_keys(membership), self._board, self._moment())

    def _kept_membership(self) -> Membership | None:
        """Return what was kept, unless a power cut fell between new keys and their membership."""
        kept = self._journal.membership()
        if kept is None or self._keys is None or kept.device != self._keys.device:
            return None
        return kept

    def _load_reference(self, membership: Membership) -> Reference | None:
        """Return what was published; a file older than what was once taken counts as none."""
        try:
            signed = take_down(self._reference_path)
            reference = None if signed is None else self._read(signed, membership)
        except KioskError as error:
            logger.error("%s; the hub is asked for it again", error)
            return None
        if reference is not None and reference.rank < self._journal.bundle_rank():
            logger.error("reference.db is older than the bundle that was taken last")
            return None
        if reference is None:
            return None
        version, confirmed_ms = self._journal.confirmation()
        return reference.confirmed(confirmed_ms) if version == reference.version else reference

    def _remember_reference(self) -> None:
        """Know again what a journal that was damaged may have forgotten."""
        if self.reference is not None and self.reference.rank > self._journal.bundle_rank():
            self._journal.took_bundle(self.reference.rank, self.reference.issued_at_ms)

    def _read(self, signed: bytes, membership: Membership) -> Reference:
        return read_reference(signed, device=membership.device, root_public=membership.root_public)

    def _require(self) -> tuple[DoorKeys, Membership]:
        if self._keys is None or self._membership is None:
            raise _refused("the kiosk belongs to no hub yet")
        return self._keys, self._membership


def _require_usable_seals(keys: KeyList) -> None:
    """Raises ReferenceFault: after the next start no visit could be sealed."""
    try:
        require_seals(keys)
    except WireError as error:
        raise _refused(str(error)) from error


def _refused(why: str) -> ReferenceFault:
    return ReferenceFault(
        f"the bundle is refused: {why}", hint="see the kiosk's page at the hub: it sends anew"
    )
