"""A national code is known by its shape alone: whole hosts, whole posters, and nothing beside."""

import pytest

from kiosk.passes.format import Format
from kiosk.passes.formats.national import recognise
from kiosk.passes.reading import NationalCode, serial, subject
from kiosk.passes.recognition import read_pass
from tests.kiosk.passes.issued import TRUST


@pytest.mark.parametrize(
    "text",
    [
        "https://pedulilindungi.id",
        "http://pedulilindungi.id/cek?id=7",
        "HTTPS://WWW.PeduliLindungi.ID/x",
        "https://checkin.pedulilindungi.id:443/q",
        "https://satusehat.kemkes.go.id#a",
        "https://satusehat.go.id.",
        "checkin:0123abcd-4567-89ab",
        "CHECKOUT:" + "a" * 64,
    ],
)
def test_known_shapes(text: str) -> None:
    assert read_pass(text.encode(), TRUST) == NationalCode()


@pytest.mark.parametrize(
    "text",
    [
        "https://pedulilindungi.id.evil.com/",
        "https://notpedulilindungi.id/",
        "https://evil.com/pedulilindungi.id",
        "https://evil.com?pedulilindungi.id",
        "https://pedulilindungi.id:x@evil.com/",
        "https://pedulilindungi.id:443@evil.com/",
        "https://pedulilindungi.id@evil.com/",
        "https://pedulilindungi.id\\evil.com",
        " https://pedulilindungi.id",
        "ftp://pedulilindungi.id/",
        "https://" + "a" * 120 + ".pedulilindungi.id/",
        "https://",
        "checkin:xyz",
        "checkin:1234567",
        "checkin:" + "a" * 65,
        "checkin:0123abcd-4567 or else",
    ],
)
def test_what_only_looks_like_one_is_none(text: str) -> None:
    assert recognise(text) is None


def test_it_carries_nothing_to_be_known_again_by() -> None:
    assert serial(NationalCode()) is subject(NationalCode()) is None
    assert NationalCode().format is Format.NATIONAL
