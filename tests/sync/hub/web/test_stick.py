"""Who has a browser and no shell can empty a stick as well, and no file does harm."""

import io
import re
import struct
import zipfile
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from sync.hub.ingest.models import Entry
from sync.hub.keyring import Keyring
from sync.hub.rules.publishing import publish_default
from sync.hub.web import stick_upload
from sync.hub.web.roles import Role
from sync.hub.web.stick_upload import MAX_UPLOAD_BYTES
from sync.wire.parcel import MAX_UP_BYTES
from tests.sync.hub.conftest import NOW
from tests.sync.hub.operators import an_operator, sign_in
from tests.sync.hub.stick_kiosk import StickKiosk


@pytest.fixture
def signed_in(client: Client) -> Client:
    sign_in(client, an_operator(Role.DISKOMINFO))
    return client


@pytest.fixture
def kiosk(tmp_path: Path, keyring: Keyring) -> Iterator[StickKiosk]:
    publish_default(NOW)
    kiosk = StickKiosk(tmp_path / "kiosk", keyring)
    yield kiosk
    kiosk.close()


def _zipped(folder: Path) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            archive.write(path, path.relative_to(folder))
    return packed.getvalue()


def _send(client: Client, *contents: bytes, name: str = "stick.zip") -> str:
    files = [SimpleUploadedFile(name, content) for content in contents]
    response = client.post("/stick/", {"files": files})
    assert response.status_code == 200
    return response.content.decode()


def _unpack_answers(page: str, stick: Path) -> None:
    found = re.search(r'href="data:application/zip;base64,([^"]+)"', page)
    assert found is not None
    with zipfile.ZipFile(io.BytesIO(b64decode(found[1]))) as archive:
        archive.extractall(stick)


def test_a_zip_of_the_stick_goes_up_and_the_answers_come_back(
    signed_in: Client, kiosk: StickKiosk, tmp_path: Path
) -> None:
    """From the first request to the receipt, by browser alone."""
    stick = tmp_path / "stick"
    kiosk.use(stick)
    _unpack_answers(_send(signed_in, _zipped(stick)), stick)
    kiosk.use(stick)
    kiosk.see(3)
    kiosk.use(stick)
    page = _send(signed_in, _zipped(stick))
    assert "3 catatan baru" in page
    assert "Pintu desa" in page
    _unpack_answers(page, stick)
    kiosk.use(stick)
    assert (Entry.objects.count(), kiosk.journal.backlog()) == (3, 0)


def test_files_may_be_sent_one_by_one(signed_in: Client, kiosk: StickKiosk, tmp_path: Path) -> None:
    kiosk.use(tmp_path / "stick")
    parcel = next((tmp_path / "stick").rglob("*.parcel")).read_bytes()
    page = _send(signed_in, parcel, b"not a parcel", name="request.parcel")
    assert "Pintu desa" in page
    assert "Tidak dapat diterima" in page


def test_the_page_speaks_both_languages_and_needs_no_script(signed_in: Client) -> None:
    assert "Pilih berkas" in signed_in.get("/stick/").content.decode()
    signed_in.post("/language/", {"language": "en", "next": "/stick/"})
    page = signed_in.get("/stick/").content.decode()
    assert "Choose the files" in page
    assert "<script" not in page
    assert "No file was chosen" in signed_in.post("/stick/").content.decode()


def test_another_sites_form_sends_nothing(signed_in: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = signed_in.cookies
    response = strict.post("/stick/", {"files": SimpleUploadedFile("a.parcel", b"x")})
    assert response.status_code == 403


def test_what_is_too_long_is_not_read(signed_in: Client) -> None:
    response = signed_in.generic(
        "POST",
        "/stick/",
        b"",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(MAX_UPLOAD_BYTES + 1),
    )
    assert response.status_code == 413
    assert "terlalu besar" in response.content.decode()


def test_a_zip_bomb_costs_no_more_than_a_parcel(signed_in: Client) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("gapura/up/a/b.parcel", bytes(MAX_UP_BYTES * 50))
    assert "longer than any" in _send(signed_in, packed.getvalue())


def test_a_zip_of_very_many_files_is_not_even_listed(
    signed_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor one whose directory says of itself that it is very long, or 64-bit."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(501):
            archive.writestr(f"{number}.parcel", b"")
    content = packed.getvalue()
    assert "terlalu besar" in _send(signed_in, content)
    long = bytearray(content)
    long[-10:-6] = struct.pack("<I", 1 << 24)
    end64 = content[:-22] + b"PK\x06\x07" + bytes(16) + content[-22:]
    monkeypatch.setattr(stick_upload, "zipfile", None)
    for prepared in (bytes(long), end64):
        assert "terlalu besar" in _send(signed_in, prepared)


def test_a_damaged_zip_is_told(signed_in: Client, kiosk: StickKiosk, tmp_path: Path) -> None:
    """At whatever place it was cut off or changed."""
    kiosk.use(tmp_path / "stick")
    whole = _zipped(tmp_path / "stick")
    for place in range(0, len(whole), 37):
        _send(signed_in, whole[:place])
        _send(signed_in, whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
    locked = bytearray(whole)
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.rfind(mark) + flags] |= 1
    assert "password" in _send(signed_in, bytes(locked))
