"""The gateway's list is taken for what its certificates are, not for what it says of them."""

import base64
import json
from typing import Any

import pytest

from kiosk.passes import published_signers
from kiosk.passes.published_signers import read_published
from kiosk.passes.signers import SignerFault
from tests.kiosk.passes.health_issuer import issuer, rsa_key

FIRST, SECOND = issuer(), issuer(rsa_key())


def entry(certificate: bytes, kid: bytes, **changed: Any) -> dict[str, Any]:
    return {
        "kid": base64.b64encode(kid).decode(),
        "timestamp": "2021-06-01T12:00:00+02:00",
        "country": "ID",
        "certificateType": "DSC",
        "thumbprint": "",
        "signature": "",
        "rawData": base64.b64encode(certificate).decode(),
        **changed,
    }


ENTRIES = [entry(FIRST.certificate, FIRST.kid), entry(SECOND.certificate, SECOND.kid)]


@pytest.mark.parametrize("document", [ENTRIES, {"certificates": ENTRIES}])
def test_an_array_and_an_object_with_one_are_read(document: Any) -> None:
    signers = read_published(json.dumps(document).encode())
    assert [signer.kid for signer in signers.signers] == [FIRST.kid, SECOND.kid]


def test_who_signs_other_things_is_left_out() -> None:
    authority = entry(SECOND.certificate, SECOND.kid, certificateType="CSCA")
    signers = read_published(json.dumps([ENTRIES[0], authority]).encode())
    assert [signer.kid for signer in signers.signers] == [FIRST.kid]


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        (b"", "not JSON"),
        (b"\xff", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"7", "not a list"),
        (b"{}", "not a list"),
        (b'{"certificates": {}}', "not a list"),
        (json.dumps([0] * 20_001).encode(), "not a list of at most 20000"),
        (b"[7]", "entry 1: not an object"),
        # The hash of no bytes at all.
        (b"[{}]", r"entry 1 \(kid e3b0c44298fc1c14\)"),
        (b'[{"rawData": 7}]', "entry 1: rawData is not base64"),
        (b'[{"rawData": "%"}]', "entry 1: rawData is not base64"),
        (json.dumps([{**ENTRIES[0], "kid": "%"}]).encode(), "entry 1: kid is not base64"),
        (json.dumps([ENTRIES[0], {**ENTRIES[1], "kid": ENTRIES[0]["kid"]}]).encode(), "entry 2"),
    ],
)
def test_a_fault_names_the_entry(document: bytes, fault: str) -> None:
    with pytest.raises(SignerFault, match=fault):
        read_published(document)


def test_a_list_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(published_signers, "MAX_BYTES", 3)
    with pytest.raises(SignerFault, match="more than 3 bytes"):
        read_published(b"[   ]")


def test_a_list_may_be_as_large_as_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    document = json.dumps(ENTRIES).encode()
    monkeypatch.setattr(published_signers, "MAX_BYTES", len(document))
    monkeypatch.setattr(published_signers, "MAX_SIGNERS", len(ENTRIES))
    assert len(read_published(document).signers) == 2
    monkeypatch.setattr(published_signers, "MAX_SIGNERS", len(ENTRIES) - 1)
    with pytest.raises(SignerFault, match="at most 1 certificates"):
        read_published(document)
