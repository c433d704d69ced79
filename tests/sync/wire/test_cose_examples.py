"""Others' COSE_Sign1 (cose-wg/Examples): what verifies there verifies here, and only that."""

import base64
import json
import os
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from sync.wire import cbor, cose
from sync.wire.errors import BadSignature, WireError

_BESIDE = Path(__file__).parents[3].parent / "shared" / "data"
DATA = Path(os.environ.get("GAPURA_DATA", _BESIDE)) / "cose"


@dataclass(frozen=True, slots=True)
class Example:
    """`signed_hex` is the Sig_structure that its makers signed."""

    title: str
    good: bool
    message: bytes
    external: bytes
    key: cose.PublicKey
    signed: bytes

    def parsed(self) -> cose.Sign1:
        """The tag is optional in COSE: without it the four parts stand alone."""
        if self.message[0] >> 5 == 4:
            return cose.from_parts(cbor.decode(self.message))
        return cose.parse(self.message)


def _examples() -> list[Example]:
    files = sorted(DATA.glob("sign1-tests/*.json")) + sorted(DATA.glob("eddsa-examples/*sig*.json"))
    read = [json.loads(file.read_text()) for file in files]
    return [_example(one) for one in read if one["input"]["sign0"]["key"]["crv"] != "Ed448"]


def _example(content: dict[str, dict[str, str]]) -> Example:
    sign0: dict[str, dict[str, str]] = content["input"]["sign0"]  # type: ignore[assignment]
    return Example(
        title=str(content["title"]),
        good="fail" not in content,
        message=bytes.fromhex(content["output"]["cbor"]),
        external=bytes.fromhex(str(sign0.get("external", ""))),
        key=_key(sign0["key"]),
        signed=bytes.fromhex(content["intermediates"]["ToBeSign_hex"]),
    )


def _key(key: dict[str, str]) -> cose.PublicKey:
    if key["kty"] == "OKP":
        return Ed25519PublicKey.from_public_bytes(bytes.fromhex(key["x_hex"]))
    x, y = (int.from_bytes(base64.urlsafe_b64decode(key[name] + "==")) for name in "xy")
    return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()


EXAMPLES = _examples()
GOOD = [example for example in EXAMPLES if example.good]
BAD = [example for example in EXAMPLES if not example.good]

pytestmark = pytest.mark.skipif(
    not EXAMPLES, reason=f"no COSE examples in {DATA}: set GAPURA_DATA to the folder that holds it"
)


def test_there_are_as_many_as_were_published() -> None:
    assert (len(GOOD), len(BAD)) == (4, 6)


@pytest.mark.parametrize("example", GOOD, ids=lambda example: example.title)
def test_a_good_example_verifies(example: Example) -> None:
    cose.verify(example.parsed(), example.key, aad=example.external)


@pytest.mark.parametrize("example", GOOD, ids=lambda example: example.title)
def test_a_good_example_does_not_verify_under_other_associated_data(example: Example) -> None:
    with pytest.raises(BadSignature):
        cose.verify(example.parsed(), example.key, aad=example.external + b"\0")


@pytest.mark.parametrize("example", BAD, ids=lambda example: example.title)
def test_a_bad_example_is_refused(example: Example) -> None:
    with pytest.raises(WireError):
        cose.verify(example.parsed(), example.key, aad=example.external)


@pytest.mark.parametrize("example", GOOD, ids=lambda example: example.title)
def test_the_signed_bytes_are_those_of_the_makers(example: Example) -> None:
    sign1 = example.parsed()
    protected = sign1.protected_bytes if sign1.protected else b""
    assert cose.to_be_signed(protected, example.external, sign1.payload) == example.signed


@pytest.mark.parametrize("example", GOOD, ids=lambda example: example.title)
def test_none_of_them_passes_for_a_message_of_ours(example: Example) -> None:
    with pytest.raises(WireError):
        cose.parse_strictly(example.message)


def test_ed448_is_read_but_not_verified() -> None:
    content = json.loads((DATA / "eddsa-examples" / "eddsa-sig-02.json").read_text())
    sign1 = cose.parse(bytes.fromhex(content["output"]["cbor"]))
    assert (sign1.algorithm, sign1.kid) == (cose.Algorithm.EDDSA, b"ed448")
    for example in EXAMPLES:
        with pytest.raises(BadSignature):
            cose.verify(sign1, example.key, aad=b"")
