"""The extended key usage is read from DER and from nothing that only looks like it."""

from typing import cast

import pytest
from cryptography import x509

from kiosk.passes.certificate import Kind
from kiosk.passes.key_usage import ALL_KINDS, signable_kinds

USAGE = bytes.fromhex("0603551d25")
TEST_OID = bytes.fromhex("060b2b060104018e378f650101")


class Holding:
    """A certificate of which only the signed part matters here."""

    def __init__(self, tbs_certificate_bytes: bytes) -> None:
        self.tbs_certificate_bytes = tbs_certificate_bytes


def _item(tag: int, *content: bytes) -> bytes:
    joined = b"".join(content)
    if len(joined) < 0x80:
        return bytes([tag, len(joined)]) + joined
    return bytes([tag, 0x81, len(joined)]) + joined


def _certificate(oids: bytes, *others: bytes) -> x509.Certificate:
    usage = _item(0x30, USAGE, _item(0x04, oids))
    extensions = _item(0xA3, _item(0x30, usage, *others))
    return cast(x509.Certificate, Holding(_item(0x30, extensions)))


def test_the_kinds_that_are_named_count() -> None:
    assert signable_kinds(_certificate(_item(0x30, TEST_OID))) == {Kind.TEST}
    assert signable_kinds(_certificate(_item(0x30))) == ALL_KINDS


def test_a_long_length_is_read() -> None:
    padding = _item(0x30, _item(0x06, bytes(3)), _item(0x04, bytes(120)))
    assert signable_kinds(_certificate(_item(0x30, TEST_OID), padding)) == {Kind.TEST}


@pytest.mark.parametrize("oids", [b"\x30\x80" + TEST_OID, b"\x30\x80" + TEST_OID + bytes(2)])
def test_an_item_without_a_length_is_no_der(oids: bytes) -> None:
    with pytest.raises(ValueError, match="without a length"):
        signable_kinds(_certificate(oids))


@pytest.mark.parametrize("oids", [b"\x30", b"\x30\x0e" + TEST_OID, b"\x30\x82\x00"])
def test_what_is_cut_short_is_no_der(oids: bytes) -> None:
    with pytest.raises(ValueError, match="DER"):
        signable_kinds(_certificate(oids))
