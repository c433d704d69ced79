"""A door's request to be enrolled, signed with its new key and sealed to the hub.

It is sealed because it carries the card's token: the courier must not be able to enrol a device.
"""

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from sync.wire import cbor, cose, sealing
from sync.wire.bundle import DOOR_ID_BYTES
from sync.wire.card import TOKEN_BYTES
from sync.wire.errors import Malformed
from sync.wire.fields import Fields
from sync.wire.keys import PUBLIC_BYTES, DeviceId, HubKey, device_id, key_id

_AAD = b"gapura/enrol/1"
MAX_BYTES = 4096


@dataclass(frozen=True, slots=True)
class EnrolmentRequest:
    """`hardware` tells this board and card from others; it is shown to Diskominfo, not trusted."""

    token: bytes
    door: bytes
    signing_public: bytes
    sealing_public: bytes
    hardware: str

    @property
    def device(self) -> DeviceId:
        return device_id(self.signing_public)


def seal_request(request: EnrolmentRequest, key: Ed25519PrivateKey, to: HubKey) -> bytes:
    payload = cbor.encode(
        [
            *(request.token, request.door, request.signing_public, request.sealing_public),
            request.hardware,
        ]
    )
    kid = key_id(request.signing_public)
    signed = cose.sign(payload, key=key, kid=kid, aad=_AAD)
    return sealing.seal(signed, to.sealing(), info=_AAD)


def open_request(message: bytes, key: X25519PrivateKey) -> EnrolmentRequest:
    """Open a request as the hub; the door proves that it holds the key that it names.

    Raises:
        WireError: not sealed to this key, malformed, or not signed by the key that it names.
    """
    if len(message) > MAX_BYTES:
        raise Malformed("enrolment request of more bytes than one has")
    sign1 = cose.parse_strictly(sealing.unseal(message, key, info=_AAD))
    fields = Fields.parse(sign1.payload, of="enrolment request").only(range(5))
    request = EnrolmentRequest(
        token=fields.octets(0, TOKEN_BYTES),
        door=fields.octets(1, DOOR_ID_BYTES),
        signing_public=fields.octets(2, PUBLIC_BYTES),
        sealing_public=fields.octets(3, PUBLIC_BYTES),
        hardware=fields.text(4, most=100),
    )
    cose.verify(sign1, Ed25519PublicKey.from_public_bytes(request.signing_public), aad=_AAD)
    return request
