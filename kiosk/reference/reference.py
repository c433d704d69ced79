"""The published reference as the door asks it: an immutable snapshot in memory."""

from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kiosk.admission.rulebook import Rulebook, Way
from kiosk.admission.rulebook_document import RulebookError, parse_rulebook
from kiosk.admission.situation import Place
from kiosk.errors import ReferenceFault
from kiosk.passes.reading import Pass, Presented, Trust, serial
from kiosk.passes.roster import EMPTY_ROSTER, ROW_BYTES, Alphabet, Roster, Shape
from kiosk.passes.signers import SignerFault, read_rows
from kiosk.reference.compact import CompactSet
from sync.wire.bundle import Bundle, open_bundle
from sync.wire.errors import WireError
from sync.wire.keys import DeviceId, KeyList

_HINT = "ask Diskominfo to publish again; the door goes on with what it had"


@dataclass(frozen=True, slots=True)
class Reference:
    """`label` names the door for people; `issued_at_ms` is the hub's time, `confirmed_ms` that at
    which it last said that nothing newer exists.
    """

    version: int
    issued_at_ms: int
    label: str
    place: Place
    sees_both_ways: bool
    keys: KeyList
    trust: Trust
    rulebooks: tuple[Rulebook, ...]
    revoked: CompactSet
    revoked_keys: CompactSet
    confirmed_ms: int

    @property
    def rank(self) -> tuple[int, int]:
        """What only rises: the root's list of keys first, so that a withdrawn key cannot bring
        back the list in which it counted, then the bundle's version.
        """
        return self.keys.version, self.version

    def confirmed(self, hub_time_ms: int) -> "Reference":
        """Return the same reference, known to be the newest at a time of the hub's."""
        return replace(self, confirmed_ms=max(self.confirmed_ms, hub_time_ms))

    def is_revoked(self, presented: Presented) -> bool:
        """Say whether the hub has withdrawn this pass, or the key that signed it."""
        known_by = serial(presented)
        if known_by is not None and known_by in self.revoked:
            return True
        return isinstance(presented, Pass) and presented.signer.kid in self.revoked_keys


def read_reference(signed: bytes, *, device: DeviceId, root_public: bytes) -> Reference:
    """Check a signed bundle and make it ready to be asked.

    Raises:
        ReferenceFault: it is not this hub's for this door, or something in it cannot be used.
    """
    try:
        bundle, keys = open_bundle(signed, device=device, root_public=root_public)
        return Reference(
            version=bundle.version,
            issued_at_ms=bundle.issued_at_ms,
            label=bundle.place.label,
            place=_place(bundle),
            sees_both_ways=bundle.place.sees_both_ways,
            keys=keys,
            trust=Trust(keys, read_rows(bundle.signers), _roster(bundle)),
            rulebooks=tuple(parse_rulebook(document) for document in bundle.rulebooks),
            revoked=CompactSet(bundle.revoked),
            revoked_keys=CompactSet(bundle.revoked_keys),
            confirmed_ms=bundle.issued_at_ms,
        )
    except WireError as error:
        raise ReferenceFault(f"the reference is refused: {error}", hint=_HINT) from error
    except (RulebookError, SignerFault, ZoneInfoNotFoundError, ValueError) as error:
        raise ReferenceFault(f"the reference cannot be used: {error}", hint=_HINT) from error


def _place(bundle: Bundle) -> Place:
    place = bundle.place
    return Place(
        way=Way(place.direction),
        site_kind=place.site_kind,
        timezone=ZoneInfo(place.timezone),
        unit=place.unit,
        door_bit=place.door_bit,
    )


def _roster(bundle: Bundle) -> Roster:
    table = bundle.roster
    if table is None:
        return EMPTY_ROSTER
    if len(table.rows) % ROW_BYTES or table.cost < 2 or table.cost & (table.cost - 1):
        raise ValueError("a roster that is cut off, or of an impossible cost")
    shapes = tuple(Shape(Alphabet(alphabet), length) for alphabet, length in table.shapes)
    return Roster(table.salt, table.cost, shapes, table.rows)
