"""`HC1:`, the EU DCC and the WHO DDCC in its form: base45, zlib, COSE_Sign1, CWT.

Section numbers are those of the EU "Technical Specifications for EU Digital COVID Certificates".
"""

from hashlib import sha256

from kiosk.passes import foreign_cose, hcert
from kiosk.passes.certificate import SERIAL_BYTES, Certificate, HealthCertificatePass
from kiosk.passes.foreign_cose import SignedMessage
from kiosk.passes.format import Format
from kiosk.passes.hcert import read_certificate
from kiosk.passes.reading import MAX_CHARACTERS, Refusal
from kiosk.passes.reason import Reason
from kiosk.passes.signers import Signer, SignerList
from kiosk.passes.unpacking import decode_base45, inflate
from sync.wire.errors import BadSignature, Malformed, UnknownKey

PREFIX = "HC1:"  # volume 1, "QR 2D Barcode": the Context Identifier

# In the order in which they are passed, each with the one reason for which it refuses.
STAGES = {
    "prefix": Reason.NOT_A_PASS,
    "length": Reason.TOO_LONG,
    "base45": Reason.BAD_ENCODING,
    "compression": Reason.BAD_COMPRESSION,
    "structure": Reason.BAD_STRUCTURE,
    "certificate": Reason.BAD_CERTIFICATE,
    "signer": Reason.UNKNOWN_KEY,
    "signature": Reason.BAD_SIGNATURE,
    "signer usage": Reason.SIGNER_USAGE,
    "signer validity": Reason.KEY_NOT_IN_FORCE,
}


def read(text: str, signers: SignerList) -> HealthCertificatePass | Refusal:
    """Judge the text of a code. Total: no text makes it raise."""
    if not text.startswith(PREFIX):
        return _refuse(Reason.NOT_A_PASS)
    if len(text) > MAX_CHARACTERS:
        return _refuse(Reason.TOO_LONG)
    try:
        packed = decode_base45(text.removeprefix(PREFIX))
    except Malformed:
        return _refuse(Reason.BAD_ENCODING)
    return read_compressed(packed, signers)


def read_compressed(packed: bytes, signers: SignerList) -> HealthCertificatePass | Refusal:
    """Judge what the base45 held: a zlib stream."""
    try:
        message = inflate(packed)
    except Malformed:
        return _refuse(Reason.BAD_COMPRESSION)
    return read_cose(message, signers)


def read_cose(message: bytes, signers: SignerList) -> HealthCertificatePass | Refusal:
    """Judge what the zlib stream held: a COSE_Sign1."""
    try:
        signed = foreign_cose.parse(message)
    except Malformed:
        return _refuse(Reason.BAD_STRUCTURE)
    try:
        certificate = read_certificate(signed.payload)
    except Malformed:
        return _refuse(Reason.BAD_CERTIFICATE)
    try:
        signer = _signer(signed, signers)
    except UnknownKey:
        return _refuse(Reason.UNKNOWN_KEY)
    except BadSignature:
        return _refuse(Reason.BAD_SIGNATURE)
    return _accept(certificate, signed, signer)


def fits_schema(text: str) -> bool:
    """Report whether a code that was accepted fits the EU's JSON schema: a second look, which no
    door takes.

    Raises:
        Malformed: it was not accepted.
    """
    message = inflate(decode_base45(text.removeprefix(PREFIX)))
    return hcert.fits_schema(foreign_cose.parse(message).payload)


def _signer(signed: SignedMessage, signers: SignerList) -> Signer:
    """Return who signed it; volume 1, section 3.2.3: every signer of that kid is tried.

    Raises:
        UnknownKey: nobody has that kid.
        BadSignature: none of those who may have signed it did.
    """
    candidates = signers.find(signed.kid)
    if not candidates:
        raise UnknownKey("no signer of that kid")
    for signer in candidates:
        try:
            foreign_cose.verify(signed, signer.key)
        except BadSignature:
            continue
        return signer
    raise BadSignature("nobody of that kid signed it")


def _accept(
    certificate: Certificate, signed: SignedMessage, signer: Signer
) -> HealthCertificatePass | Refusal:
    if not certificate.kinds <= signer.kinds:
        return _refuse(Reason.SIGNER_USAGE)
    if not signer.term.covers(certificate):
        return _refuse(Reason.KEY_NOT_IN_FORCE)
    serial = sha256(signed.payload).digest()[:SERIAL_BYTES]
    return HealthCertificatePass(certificate, serial, signer.term)


def _refuse(reason: Reason) -> Refusal:
    return Refusal(Format.HC1, reason)
