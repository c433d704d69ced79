"""The data-protection officer's way: somebody asks what is held on them, and to be deleted."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from sync.hub.keyring import Keyring
from sync.hub.people.models import Subject
from sync.hub.web.roles import Role
from tests.sync.hub.browser.screens import LANGUAGES, PHONE, barriers, is_too_wide, keep_picture
from tests.sync.hub.conftest import NOW
from tests.sync.hub.fake_door import an_enrolled_door, take

Visit = Callable[..., Page]

_NAME = "Siti Rahayu"
_WORDS = {
    "id": ("Nama atau sebagiannya, atau nomor pada tiket", "Untuk keperluan apa?", "Cari"),
    "en": ("Name or part of it, or the number on a pass", "What do you need it for?", "Search"),
}
_ACTS = {
    "id": ("Tampilkan data Siti Rahayu", "Ya, hapus", "Hapus", "Dihapus"),
    "en": ("Show the data of Siti Rahayu", "Yes, delete", "Delete", "Deleted"),
}
_LOSS = {
    "id": ("Apa yang hilang, dicuri, atau disalin?", "Catat", "sisa 72 jam"),
    "en": ("What was lost, stolen or copied?", "Note it", "72 h left"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_somebody_asks_and_is_deleted(visit: Visit, keyring: Keyring, language: str) -> None:
    Subject.objects.create(sub=b"subject1", label=_NAME, created_at=NOW)
    door = an_enrolled_door(keyring)
    door.see(3)
    take(door.send())
    who, reason, search = _WORDS[language]
    show, sure, delete, deleted = _ACTS[language]
    page = visit(PHONE, language, Role.DPO)
    page.goto("/privacy/person/")
    page.get_by_label(who).fill("siti")
    page.get_by_label(reason).fill("permintaan tertulis")
    page.get_by_role("button", name=search).click()
    _is_sound(page, f"person-found-{language}")
    page.get_by_role("button", name=show).click()
    expect(page.get_by_role("heading", name=_NAME)).to_be_visible()
    _is_sound(page, f"person-shown-{language}")
    page.get_by_label(sure).check()
    page.get_by_role("button", name=delete, exact=True).click()
    expect(page.get_by_role("heading", name=deleted, exact=True)).to_be_visible()
    _is_sound(page, f"person-deleted-{language}")
    assert not Subject.objects.exists()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_loss_is_noted(visit: Visit, language: str) -> None:
    lost, note_it, left = _LOSS[language]
    page = visit(PHONE, language, Role.DPO)
    page.goto("/privacy/breaches/")
    page.get_by_label(lost).select_option("database")
    page.get_by_role("button", name=note_it).click()
    expect(page.get_by_text(left)).to_be_visible()
    _is_sound(page, f"breach-{language}")


def _is_sound(page: Page, name: str) -> None:
    keep_picture(page, name)
    assert not barriers(page)
    assert not is_too_wide(page)
