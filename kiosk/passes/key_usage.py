"""Which kinds of certificate a signer may sign, from the extended key usage of its X.509.

Taken from the DER itself: issuers sign with certificates in which other extensions are encoded
wrongly, and a library that reads all extensions or none reads none of them.
"""

from collections.abc import Iterable

from cryptography import x509

from kiosk.passes.certificate import Kind

ALL_KINDS = frozenset(Kind)

# EU "Technical Specifications for EU Digital COVID Certificates", volume 5, on the DSC's extended
# key usage: 1.3.6.1.4.1.1847.2021.1.{1,2,3}; early certificates write 1.3.6.1.4.1.0.1847...
_KINDS_BY_OID = {
    bytes.fromhex(arc) + bytes([number]): kind
    for arc in ("2b060104018e378f6501", "2b06010401008e378f6501")
    for number, kind in ((1, Kind.TEST), (2, Kind.VACCINATION), (3, Kind.RECOVERY))
}
_EXTENDED_KEY_USAGE = bytes.fromhex("551d25")  # RFC 5280, section 4.2.1.12: 2.5.29.37
_EXTENSIONS_TAG = 0xA3  # RFC 5280, section 4.1: [3] EXPLICIT
_OID_TAG = 0x06

_Items = list[tuple[int, bytes]]


def signable_kinds(certificate: x509.Certificate) -> frozenset[Kind]:
    """Return the kinds that are named, or all where none is.

    Raises:
        ValueError: the extensions are not DER.
    """
    usages = [_value(extension) for extension in _extensions(certificate)]
    named = [usage for usage in usages if usage is not None]
    if len(named) > 1:
        raise ValueError("two extended key usages")
    oids = _inside(named[0]) if named else []
    kinds = frozenset(_kinds(oids))
    return kinds or ALL_KINDS


def _kinds(oids: _Items) -> Iterable[Kind]:
    for tag, content in oids:
        if tag == _OID_TAG and content in _KINDS_BY_OID:
            yield _KINDS_BY_OID[content]


def _extensions(certificate: x509.Certificate) -> Iterable[bytes]:
    for tag, content in _inside(certificate.tbs_certificate_bytes):
        if tag == _EXTENSIONS_TAG:
            for _, extension in _inside(content):
                yield extension


def _value(extension: bytes) -> bytes | None:
    """Return the value of an extension that is the one sought: OID, perhaps a flag, value."""
    fields = _items(extension)
    return fields[-1][1] if fields and fields[0] == (_OID_TAG, _EXTENDED_KEY_USAGE) else None


def _inside(item: bytes) -> _Items:
    """Return the items in the one constructed item that `item` is."""
    outer = _items(item)
    if len(outer) != 1:
        raise ValueError("DER: not one item")
    return _items(outer[0][1])


def _items(content: bytes) -> _Items:
    """Return tag and content of each item (X.690, section 8.1); none here has a long tag."""
    items, place = [], 0
    while place < len(content):
        tag, length, start = _head(content, place)
        place = start + length
        if place > len(content):
            raise ValueError("DER: cut short")
        items.append((tag, content[start:place]))
    return items


def _head(content: bytes, place: int) -> tuple[int, int, int]:
    """Return the tag, the length and where the content begins."""
    if place + 2 > len(content):
        raise ValueError("DER: cut short")
    tag, length = content[place], content[place + 1]
    if length < 0x80:
        return tag, length, place + 2
    if length == 0x80:
        raise ValueError("DER: an item without a length")
    start = place + 2 + (length & 0x7F)
    return tag, int.from_bytes(content[place + 2 : start]), start
