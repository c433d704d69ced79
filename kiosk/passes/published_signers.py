"""The trust list in the form that the EU gateway publishes: JSON."""

import base64
import json
from typing import Any

from kiosk.passes.signers import Signer, SignerFault, SignerList, read_signer

MAX_BYTES = 16 * 1024 * 1024
MAX_SIGNERS = 20_000
# EU "Technical Specifications for EU Digital COVID Certificates", volume 2: a list of entries with
# kid, timestamp, country, certificateType, thumbprint, signature and rawData.
_SIGNING_TYPE = "DSC"


def read_published(document: bytes) -> SignerList:
    """Read an array of entries, or an object that holds one under `certificates`.

    Entries of another type than DSC are left out. Whether the document is the gateway's own is for
    whoever fetched it to have checked.

    Raises:
        SignerFault: it is not of that form, or a certificate in it cannot be used.
    """
    if len(document) > MAX_BYTES:
        raise SignerFault(f"trust list: more than {MAX_BYTES} bytes")
    try:
        content = json.loads(document)
    except (ValueError, RecursionError) as error:
        raise SignerFault(f"trust list: not JSON: {error}") from error
    entries = content.get("certificates") if isinstance(content, dict) else content
    if not isinstance(entries, list) or len(entries) > MAX_SIGNERS:
        raise SignerFault(f"trust list: not a list of at most {MAX_SIGNERS} certificates")
    signers = (_signer(entry, f"entry {number}") for number, entry in enumerate(entries, start=1))
    return SignerList(signer for signer in signers if signer is not None)


def _signer(entry: Any, name: str) -> Signer | None:
    if not isinstance(entry, dict):
        raise SignerFault(f"trust list: {name}: not an object")
    if entry.get("certificateType", _SIGNING_TYPE) != _SIGNING_TYPE:
        return None
    signer = read_signer(_octets(entry, "rawData", name), name=name)
    if _octets(entry, "kid", name) != signer.kid:
        raise SignerFault(f"trust list: {name}: its kid is not that of its certificate")
    return signer


def _octets(entry: dict[str, Any], key: str, name: str) -> bytes:
    try:
        return base64.b64decode(entry.get(key, ""), validate=True)
    except (ValueError, TypeError) as error:
        raise SignerFault(f"trust list: {name}: {key} is not base64") from error
