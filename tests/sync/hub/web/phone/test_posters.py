import io
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from django.test import Client

from kiosk.scanning.ladder import Ladder
from kiosk.scanning.rungs import DEFAULT_RUNGS, build_rungs
from sync.hub.web.phone.poster_drawing import Poster, draw_poster
from sync.hub.web.roles import Role
from tests.sync.hub.fake_door import a_place
from tests.sync.hub.operators import an_operator, sign_in

_A4_POINTS = (595.3, 841.9)
_SCALE = 2.0
_URL = "https://hub.example.go.id/v/0011223344556677/"


@pytest.fixture
def staff(client: Client) -> Client:
    sign_in(client, an_operator(Role.TECHNICIAN))
    return client


def pages(drawn: bytes) -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(io.BytesIO(drawn))


def text_of(drawn: bytes) -> str:
    with pages(drawn) as document:
        words: str = document[0].get_textpage().get_text_range()
    return " ".join(words.split())


def test_the_code_on_a_poster_can_be_read(staff: Client, tmp_path: Path) -> None:
    """It opens the registration of that door; there is no other code on it, drawn or real."""
    door = a_place()
    assert "Pintu utara" in staff.get("/posters/").content.decode()
    answer = staff.get(f"/posters/{door.public_id.hex()}/")
    assert answer.headers["Content-Type"] == "application/pdf"
    with pages(answer.content) as document:
        assert len(document) == 1
        assert document[0].get_size() == pytest.approx(_A4_POINTS, abs=0.5)
        grey = np.asarray(document[0].render(scale=_SCALE).to_pil().convert("L"))
    read = Ladder(build_rungs(DEFAULT_RUNGS)).climb(grey)
    path = f"/v/{door.public_id.hex()}/".encode()
    assert [code.payload for code in read.codes] == [b"http://127.0.0.1:8000" + path]


def test_a_poster_speaks_both_languages() -> None:
    """Whatever language its printer reads."""
    text = text_of(draw_poster(Poster("Balai Desa", "Kecamatan", "Pintu", _URL)))
    for words in ("Ambil tiket", "Get your pass", "tanpa NIK", "no ID number", "Balai Desa", _URL):
        assert words in text


@pytest.mark.parametrize("name", ["", "x" * 200, "<b>A & B</b>", "بوابة", "ꦒꦥꦸꦫ", "\u202e\x00\n"])
def test_any_name_can_be_printed(name: str) -> None:
    """What the font lacks becomes a question mark."""
    text = text_of(draw_poster(Poster(name, name, name, _URL)))
    assert "Ambil tiket" in text
    if name.startswith("<b>"):
        assert name in text


@pytest.mark.parametrize("name", ["0" * 16, "zz", "é" * 16])
def test_there_is_no_poster_of_no_door(staff: Client, name: str) -> None:
    assert staff.get(f"/posters/{name}/").status_code == 404
