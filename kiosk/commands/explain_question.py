"""What `explain` is asked: a payload, a time, and whose word counts; all of it from JSON."""

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kiosk.admission.rulebook import Rulebook, Way
from kiosk.admission.rulebook_document import RulebookError, parse_rulebook
from kiosk.passes.reading import Trust
from kiosk.passes.signers import Signer, SignerFault, SignerList, read_signer
from sync.wire.errors import UnknownKey
from sync.wire.fields import LATEST_MS
from sync.wire.keys import KID_BYTES, HubKey, Purpose

_NO_BOUND_S = 2**40


class QuestionFault(Exception):
    """The question cannot be understood; the message says where."""

    def __init__(self, message: str, question_id: Any = None) -> None:
        super().__init__(message)
        self.question_id = question_id


@dataclass(frozen=True, slots=True)
class NamedKeys:
    """Pass keys under the names that the question gives them."""

    by_kid: dict[bytes, HubKey]

    def find(self, kid: bytes | None, purpose: Purpose, *, at_s: int | None = None) -> HubKey:
        """Raises UnknownKey where there is none of that name, or not at that time."""
        key = self.by_kid.get(kid or b"")
        if key is None or purpose is not Purpose.PASS:
            raise UnknownKey("no pass key of that name")
        if at_s is not None and not key.is_valid_at(at_s):
            raise UnknownKey("the pass key was not valid at that time")
        return key


@dataclass(frozen=True, slots=True)
class Question:
    """`id` is given back as it came; `rulebook` is None where no verdict is asked for.

    `unit` is the number of the door's office, 0 for none; `door_bit` the door's place (0 to 31) in
    a pass's door mask. `notes` say what of the question was left out.
    """

    id: Any
    payload: bytes
    at: datetime
    trust: Trust
    rulebook: Rulebook | None
    way: Way
    unit: int = 0
    door_bit: int = 0
    notes: tuple[str, ...] = ()


# A trust list comes again with every line; reading its certificates costs more than the pass.
_signers: dict[bytes, Signer] = {}
_MOST_REMEMBERED = 4096


def read_question(content: Any) -> Question:
    """Read a question.

    Raises:
        QuestionFault: something is missing or of another form.
    """
    if not isinstance(content, dict):
        raise QuestionFault("a question must be a JSON object")
    question_id = content.get("id")
    notes: list[str] = []
    try:
        return Question(
            id=question_id,
            payload=_payload(content.get("payload")),
            at=_clock_time(content.get("at")),
            trust=Trust(
                _keys(content.get("native_keys") or []),
                _signer_list(content.get("hc1_certificates") or [], notes),
            ),
            rulebook=_rulebook(content.get("rulebook")),
            way=Way(content.get("direction", Way.ENTRY.value)),
            unit=_number(content.get("unit"), "unit", 65535),
            door_bit=_number(content.get("door"), "door", 31),
            notes=tuple(notes),
        )
    except QuestionFault as fault:
        raise QuestionFault(str(fault), question_id) from fault
    except (TypeError, ValueError, OverflowError) as error:
        raise QuestionFault(f"the question cannot be read: {error}", question_id) from error


def _payload(value: Any) -> bytes:
    if not isinstance(value, str):
        raise QuestionFault("payload: must be text")
    return value.encode("utf-8", "surrogatepass")


def _time(value: Any, where: str) -> datetime:
    """Read a time; one that comes without its offset is taken as UTC."""
    try:
        instant = datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise QuestionFault(
            f"{where}: must be an ISO 8601 time, as 2026-11-21T09:00:00+07:00"
        ) from error
    return instant if instant.tzinfo is not None else instant.replace(tzinfo=UTC)


def _clock_time(value: Any) -> datetime:
    """Read the time to judge at: one that a clock can show, and calendars can reckon with."""
    instant = _time(value, "at")
    if not 0 <= instant.timestamp() * 1000 <= LATEST_MS:
        raise QuestionFault("at: must lie between 1970 and 2109")
    return instant


def _unix_s(value: Any, where: str, default: int) -> int:
    if value is None:
        return default
    if isinstance(value, int | float) and not isinstance(value, bool):
        return int(value)
    return int(_time(value, where).timestamp())


def _number(value: Any, where: str, most: int) -> int:
    """Read a whole number from 0; what is left out is 0."""
    if value is None:
        return 0
    if type(value) is not int or not 0 <= value <= most:
        raise QuestionFault(f"{where}: must be a number from 0 to {most}")
    return value


def _keys(listed: Any) -> NamedKeys:
    if not isinstance(listed, list):
        raise QuestionFault("native_keys: must be a list")
    by_kid: dict[bytes, HubKey] = {}
    for place, item in enumerate(listed):
        where = f"native_keys[{place}]"
        if not isinstance(item, dict):
            raise QuestionFault(f"{where}: must be an object")
        public = _octets(item.get("public"), f"{where}.public", 32)
        try:
            Ed25519PublicKey.from_public_bytes(public)
        except ValueError as error:
            raise QuestionFault(f"{where}.public: not an Ed25519 key") from error
        key = HubKey(
            Purpose.PASS,
            public,
            _unix_s(item.get("not_before"), f"{where}.not_before", 0),
            _unix_s(item.get("not_after"), f"{where}.not_after", _NO_BOUND_S),
        )
        named = item.get("kid")
        kid = key.kid if named is None else _octets(named, f"{where}.kid", KID_BYTES)
        by_kid[kid] = key
    return NamedKeys(by_kid)


def _octets(value: Any, where: str, length: int) -> bytes:
    """Read bytes written in hexadecimal or base64, whichever gives the length."""
    if isinstance(value, str):
        for decode in (bytes.fromhex, _base64):
            try:
                octets = decode(value)
            except ValueError:
                continue
            if len(octets) == length:
                return octets
    raise QuestionFault(f"{where}: must be {length} bytes in hexadecimal or base64")


def _base64(text: str) -> bytes:
    try:
        padded = text.strip() + "=" * (-len(text.strip()) % 4)
        return base64.b64decode(padded.replace("-", "+").replace("_", "/"), validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error


def _signer_list(listed: Any, notes: list[str]) -> SignerList:
    """Read a trust list; a certificate that cannot be read is noted, and the others count."""
    if not isinstance(listed, list):
        raise QuestionFault("hc1_certificates: must be a list")
    signers = []
    for place, item in enumerate(listed):
        where = f"hc1_certificates[{place}]"
        try:
            signers.append(_signer(item, where))
        except (SignerFault, ValueError) as error:
            notes.append(f"{where} left out: {error}")
    return SignerList(signers)


def _signer(item: Any, where: str) -> Signer:
    if not isinstance(item, str | bytes):
        raise ValueError("not a certificate, DER in base64")  # noqa: TRY004
    der = _base64(item) if isinstance(item, str) else item
    mark = sha256(der).digest()
    if mark not in _signers:
        if len(_signers) >= _MOST_REMEMBERED:
            _signers.clear()
        _signers[mark] = read_signer(der, name=where)
    return _signers[mark]


def _rulebook(path: Any) -> Rulebook | None:
    if path is None:
        return None
    if not isinstance(path, str):
        raise QuestionFault("rulebook: must be the path of a JSON document")
    try:
        return parse_rulebook(Path(path).read_bytes())
    except OSError as error:
        raise QuestionFault(f"rulebook: {path} cannot be read: {error.strerror}") from error
    except RulebookError as error:
        raise QuestionFault(f"rulebook: {path}: {error}") from error
