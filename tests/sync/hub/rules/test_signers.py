import base64
import json

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from kiosk.passes.signers import read_rows
from sync.hub.errors import CommandFault
from sync.hub.rules import signers as trust_list
from sync.hub.rules.models import TrustedSigner
from sync.hub.rules.signers import FileForm, SignerFile, import_signers, trusted_signers
from tests.kiosk.passes.health_issuer import issuer, rsa_key
from tests.sync.hub.conftest import NOW

FIRST, SECOND = issuer(), issuer(rsa_key())


def a_der(name: str = "first.der") -> SignerFile:
    return SignerFile(name, FIRST.certificate)


def a_pem(*certificates: bytes) -> SignerFile:
    loaded = [x509.load_der_x509_certificate(certificate) for certificate in certificates]
    text = b"# from the ministry\n" + b"".join(one.public_bytes(Encoding.PEM) for one in loaded)
    return SignerFile("list.pem", text)


def an_eu_json(*certificates: bytes) -> SignerFile:
    entries = [
        {
            "kid": base64.b64encode(kid).decode(),
            "rawData": base64.b64encode(certificate).decode(),
            "certificateType": "DSC",
        }
        for kid, certificate in ((FIRST.kid, FIRST.certificate), (SECOND.kid, SECOND.certificate))
        if certificate in certificates
    ]
    return SignerFile("list.json", json.dumps(entries).encode())


@pytest.mark.parametrize(
    "files",
    [
        (a_der(), SignerFile("second", SECOND.certificate)),
        (a_pem(FIRST.certificate, SECOND.certificate),),
        (an_eu_json(FIRST.certificate, SECOND.certificate),),
        (a_pem(FIRST.certificate), an_eu_json(SECOND.certificate), a_der("again.der")),
    ],
)
def test_signers_come_in_every_form(files: tuple[SignerFile, ...]) -> None:
    """Told from the content; several files are one list, and who comes twice counts once."""
    done = import_signers(files, NOW)
    assert (done.signers, done.added, done.removed) == (2, 2, 0)
    found = read_rows(trusted_signers())
    expected = (*FIRST.signers.signers, *SECOND.signers.signers)
    assert {one.term: one.kinds for one in found.signers} == {
        one.term: one.kinds for one in expected
    }


def test_an_import_replaces_the_list(caplog: pytest.LogCaptureFixture) -> None:
    """Who is no longer in it no longer counts; those whose time is over are counted."""
    import_signers([a_pem(FIRST.certificate, SECOND.certificate)], NOW)
    done = import_signers([a_der()], NOW)
    assert (done.signers, done.added, done.removed, done.expired) == (1, 0, 1, 1)
    assert [row.kid for row in trusted_signers()] == [FIRST.kid]


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (SignerFile("bad.der", b"no certificate"), r"bad\.der"),
        (
            SignerFile("bad.pem", a_pem(FIRST.certificate).content.replace(b"MII", b"M!I")),
            r"bad\.pem, certificate 1: not base64",
        ),
        (
            SignerFile("cut.pem", a_pem(FIRST.certificate).content.replace(b"MII", b"AAA")),
            r"cut\.pem, certificate 1 \(kid",
        ),
        (SignerFile("bad.json", b'[{"kid": "", "rawData": ""}]'), r"bad\.json.*entry 1"),
        (SignerFile("empty.json", b"[]"), r"empty\.json: no signer"),
        (SignerFile("empty.pem", b"", FileForm.PEM), r"empty\.pem: no signer"),
        (SignerFile("first.der", FIRST.certificate, FileForm.EU_JSON), "not JSON"),
    ],
)
def test_a_fault_names_the_certificate_and_changes_nothing(file: SignerFile, why: str) -> None:
    """One that cannot be used spoils the import, never the list that is in force."""
    import_signers([a_der()], NOW)
    with pytest.raises(CommandFault, match=why):
        import_signers([SignerFile("second.der", SECOND.certificate), file], NOW)
    assert TrustedSigner.objects.get().kid == FIRST.kid


def test_what_no_door_could_take_is_not_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    """Too many, or a key too large: the door would refuse its whole bundle."""
    monkeypatch.setattr(trust_list, "MAX_SIGNERS", 1)
    with pytest.raises(CommandFault, match="at most 1"):
        import_signers([a_pem(FIRST.certificate, SECOND.certificate)], NOW)
    monkeypatch.setattr(trust_list, "_MAX_PUBLIC_BYTES", 80)
    with pytest.raises(CommandFault, match=f"{FIRST.kid.hex()}.*too large"):
        import_signers([a_der()], NOW)
    assert TrustedSigner.objects.count() == 0
