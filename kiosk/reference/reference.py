"""The published reference as the door asks it: an immutable snapshot in memory."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kiosk.admission.decision import Place, Way
from kiosk.admission.rulebook import Rulebook, RulebookError, parse_rulebook
from kiosk.errors import ReferenceFault
from sync.wire.bundle import CTI_BYTES, Bundle, open_bundle
from sync.wire.errors import WireError
from sync.wire.keys import DeviceId, KeyList

_HINT = "ask Diskominfo to publish again; the door goes on with what it had"


@dataclass(frozen=True, slots=True)
class Reference:
    """`label` names the door for people; `issued_at_ms` is the hub's time."""

    version: int
    issued_at_ms: int
    label: str
    place: Place
    keys: KeyList
    rulebooks: tuple[Rulebook, ...]
    revoked: frozenset[bytes]

    def is_revoked(self, cti: bytes) -> bool:
        return cti in self.revoked


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
            keys=keys,
            rulebooks=tuple(parse_rulebook(document) for document in bundle.rulebooks),
            revoked=_revoked(bundle.revoked),
        )
    except WireError as error:
        raise ReferenceFault(f"the reference is refused: {error}", hint=_HINT) from error
    except (RulebookError, ZoneInfoNotFoundError, ValueError) as error:
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


def _revoked(joined: bytes) -> frozenset[bytes]:
    return frozenset(
        joined[start : start + CTI_BYTES] for start in range(0, len(joined), CTI_BYTES)
    )
