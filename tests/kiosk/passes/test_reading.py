"""What was read says what kind of holder it makes, by what it is known again, and who has it."""

import pytest

from kiosk.passes.claims import PassType
from kiosk.passes.format import Format
from kiosk.passes.formats import hc1
from kiosk.passes.reading import (
    Credential,
    NationalCode,
    Pass,
    Refusal,
    RosterMatch,
    pass_type,
    serial,
    subject,
)
from kiosk.passes.reason import Reason
from tests.kiosk.passes.health_issuer import claims, issued, issuer
from tests.kiosk.passes.issued import SIGNER, VISITOR

ISSUER = issuer()
NATIVE = Pass(Format.GPS1, VISITOR, SIGNER)
CERTIFICATE = hc1.read(issued(claims(), ISSUER), ISSUER.signers)
assert not isinstance(CERTIFICATE, Refusal)
KINDS: list[tuple[Credential, PassType, bytes | None, bytes | None]] = [
    (NATIVE, PassType.VISITOR, b"token--1", b"subject1"),
    (CERTIFICATE, PassType.CERTIFICATE, CERTIFICATE.serial, None),
    (RosterMatch(b"subject2"), PassType.ROSTER, b"subject2", b"subject2"),
    (NationalCode(), PassType.NATIONAL, None, None),
]


@pytest.mark.parametrize("place", range(len(KINDS)))
def test_each_kind_of_credential(place: int) -> None:
    credential, kind, known_by, holder = KINDS[place]
    assert pass_type(credential) is kind
    assert (serial(credential), subject(credential)) == (known_by, holder)


def test_what_was_refused_is_nobodys() -> None:
    refusal = Refusal(Format.GPS1, Reason.BAD_SIGNATURE)
    assert serial(refusal) is subject(refusal) is None
