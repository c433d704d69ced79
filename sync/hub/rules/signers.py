"""Whose health certificates count: a trust list that an operator imports, replaced whole."""

import base64
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from django.db import transaction

from kiosk.passes.published_signers import read_published
from kiosk.passes.signers import Signer, SignerFault, SignerList, read_rows, read_signer, to_row
from sync.hub.errors import FaultyFile
from sync.hub.fleet.edition import begin_edition
from sync.hub.rules.models import TrustedSigner
from sync.wire.bundle import MAX_SIGNERS, HealthSigner

_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----(.+?)-----END CERTIFICATE-----", re.DOTALL)
# As `sync.wire.bundle` takes a key.
_MAX_PUBLIC_BYTES = 2048


class FileForm(Enum):
    """How the certificates stand in a file."""

    DER = "der"
    PEM = "pem"
    EU_JSON = "eu-json"


@dataclass(frozen=True, slots=True)
class SignerFile:
    name: str
    content: bytes
    form: FileForm | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """How many signers count now, how many of them are new, over, and how many went."""

    signers: int
    added: int
    removed: int
    expired: int


def import_signers(files: Sequence[SignerFile], at: datetime) -> Imported:
    """Replace the trust list by what these files hold together: all of it or nothing.

    Raises:
        FaultyFile: a certificate in them cannot be used; the message names it.
    """
    rows = _rows(files)
    with transaction.atomic():
        before = set(trusted_signers())
        TrustedSigner.objects.all().delete()
        TrustedSigner.objects.bulk_create(
            TrustedSigner(
                kid=row.kid,
                public=row.public,
                not_before_s=row.not_before_s,
                not_after_s=row.not_after_s,
                kinds=row.kinds,
            )
            for row in rows
        )
        begin_edition()
    now = set(rows)
    expired = sum(row.not_after_s < at.timestamp() for row in rows)
    return Imported(len(now), len(now - before), len(before - now), expired)


def trusted_signers() -> tuple[HealthSigner, ...]:
    """Return the trust list as a bundle carries it, always in the same order."""
    columns = ("kid", "public", "not_before_s", "not_after_s", "kinds")
    return tuple(
        sorted_rows(HealthSigner(*row) for row in TrustedSigner.objects.values_list(*columns))
    )


def sorted_rows(rows: Iterable[HealthSigner]) -> list[HealthSigner]:
    return sorted(rows, key=lambda row: (row.kid, row.public, row.not_before_s))


def _rows(files: Sequence[SignerFile]) -> list[HealthSigner]:
    try:
        read = [signer for file in files for signer in _some(file)]
    except SignerFault as fault:
        raise FaultyFile(f"{fault}; the list stays as it was") from fault
    rows = sorted_rows(to_row(signer) for signer in SignerList(read).signers)
    if len(rows) > MAX_SIGNERS:
        raise FaultyFile(f"trust list: {len(rows)} signers: a door takes at most {MAX_SIGNERS}")
    _check_as_a_door(rows)
    return rows


def _check_as_a_door(rows: Sequence[HealthSigner]) -> None:
    """One signer that a door cannot read would keep the whole bundle from it."""
    for row in rows:
        if len(row.public) > _MAX_PUBLIC_BYTES:
            raise FaultyFile(f"trust list: kid {row.kid.hex()}: a key too large for a door")
    try:
        read_rows(rows)
    except SignerFault as fault:
        raise FaultyFile(f"{fault}; the list stays as it was") from fault


def _some(file: SignerFile) -> list[Signer]:
    signers = _read(file)
    if not signers:
        raise SignerFault(f"trust list: {file.name}: no signer in it")
    return signers


def _read(file: SignerFile) -> list[Signer]:
    match file.form or _form_of(file.content):
        case FileForm.DER:
            return [read_signer(file.content, name=file.name)]
        case FileForm.PEM:
            return _read_pem(file)
        case FileForm.EU_JSON:
            try:
                return list(read_published(file.content).signers)
            except SignerFault as fault:
                raise SignerFault(f"{file.name}: {fault}") from fault


def _form_of(content: bytes) -> FileForm:
    begins = content.lstrip()[:1]
    if begins in (b"[", b"{"):
        return FileForm.EU_JSON
    return FileForm.PEM if b"-----BEGIN CERTIFICATE-----" in content else FileForm.DER


def _read_pem(file: SignerFile) -> list[Signer]:
    signers = []
    for number, armoured in enumerate(_PEM.findall(file.content), start=1):
        name = f"{file.name}, certificate {number}"
        try:
            certificate = base64.b64decode(b"".join(armoured.split()), validate=True)
        except ValueError as error:
            raise SignerFault(f"trust list: {name}: not base64") from error
        signers.append(read_signer(certificate, name=name))
    return signers
