"""Parcels in what a browser sends: files, or zip files of a stick's folder; nothing is believed."""

import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from functools import partial

from django.core.files.base import File

from sync.hub.ingest.tally import Read
from sync.wire.errors import Malformed
from sync.wire.parcel import DOWN, MAX_UP_BYTES, SUFFIX

MAX_UPLOAD_BYTES = 64 * 1024 * 1024
MAX_PARCELS = 500
# Of a zip file's directory: a name and some 50 bytes for each file.
_DIRECTORY_BYTES = 256 * 1024
_END = b"PK\x05\x06"
_END64_LOCATOR = b"PK\x06\x07"
_END_BYTES = 22
_LONGEST_COMMENT = 65_535


class TooManyFiles(Exception):
    """More than one upload may hold; `gapura-hub import` has no such limit."""


def parcels_in(files: "Iterable[File[bytes]]") -> Iterator[tuple[str, Read]]:
    """Yield each parcel's name and what reads it, never more than a parcel may be long.

    Raises:
        TooManyFiles: there are more than `MAX_PARCELS`.
    """
    count = 0
    for file in files:
        for found in _of_zip(file) if _is_zip(file) else _itself(file):
            count += 1
            if count > MAX_PARCELS:
                raise TooManyFiles
            yield found


def _itself(file: "File[bytes]") -> Iterator[tuple[str, Read]]:
    def read() -> bytes:
        file.seek(0)
        content: bytes = file.read(MAX_UP_BYTES + 1)
        return content

    yield file.name or "", read


def _is_zip(file: "File[bytes]") -> bool:
    file.seek(0)
    return file.read(4) in {b"PK\x03\x04", _END}


def _of_zip(file: "File[bytes]") -> Iterator[tuple[str, Read]]:
    _require_small_directory(file)
    name = file.name or ""
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        fault = Malformed("not a zip file that can be read")
        fault.__cause__ = error
        yield name, partial(_fail, fault)
        return
    for member in archive.infolist():
        folders = member.filename.split("/")[:-1]
        if member.filename.endswith(SUFFIX) and DOWN not in folders:
            yield member.filename, partial(_read_member, archive, member)


def _require_small_directory(file: "File[bytes]") -> None:
    """See how long the zip file's directory is before the library reads the whole of it.

    Raises:
        TooManyFiles: it is longer than that of any stick's folder, or in the 64-bit form.
    """
    size = file.size or 0
    file.seek(max(0, size - _END_BYTES - _LONGEST_COMMENT - 20))
    tail = file.read()
    end = tail.rfind(_END)
    if end < 0:
        return
    (length,) = struct.unpack_from("<I", tail.ljust(end + _END_BYTES, b"\0"), end + 12)
    if length > _DIRECTORY_BYTES or _END64_LOCATOR in tail[max(0, end - 20) : end]:
        raise TooManyFiles


def _read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise Malformed("packed in a way that is not read here")
    try:
        with archive.open(member) as part:
            return part.read(MAX_UP_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError) as error:
        raise Malformed("damaged, or locked with a password, within the zip file") from error


def _fail(fault: Malformed) -> bytes:
    raise fault
