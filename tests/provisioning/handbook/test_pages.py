"""Two pages of A4 a language, with every pin and every light of the code, and room at the edges."""

import pytest

from kiosk.config import ButtonSection, Configuration, LampSection
from kiosk.signalling.cue import Signal
from kiosk.signalling.words import caption
from provisioning.firstboot.words import STATES
from provisioning.handbook import words
from provisioning.handbook.header import PINS, wires_of
from provisioning.handbook.pages import LIGHTS, draw_handbook
from provisioning.language import LANGUAGES, said
from tests.provisioning.printed import Page, pages_of

VISITORS = {
    *(Signal.ADMIT, Signal.DENY, Signal.REFER_IDENTITY, Signal.REFER_OTHER_CODE),
    *(Signal.REFER_UNSURE, Signal.SEEN_ALREADY, Signal.ASSISTED, Signal.PRESS_IGNORED),
}
"""What the light says to visitors and officers."""


@pytest.fixture(scope="module")
def drawn() -> dict[str, list[Page]]:
    return {language: pages_of(draw_handbook(Configuration(), language)) for language in LANGUAGES}


def _plain(text: str) -> str:
    for mark in ("<b>", "</b>"):
        text = text.replace(mark, "")
    return " ".join(text.split())


def _without_spaces(text: str) -> str:
    """A line may end at a dash."""
    return "".join(text.split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_pages_of_a4_with_room_at_the_edges(
    drawn: dict[str, list[Page]], language: str
) -> None:
    assert len(drawn[language]) == 2
    for page in drawn[language]:
        assert page.size_mm == pytest.approx((210, 297), abs=0.1)
        left, lower, right, _ = page.margins_mm
        assert min(left, right) > 11.5
        # Not over the edge, and not half empty.
        assert 9 < lower < 30


def test_every_light_is_a_technicians_or_a_visitors() -> None:
    assert set(LIGHTS) | VISITORS == set(Signal)
    assert len(LIGHTS) == len(set(LIGHTS)) == len(Signal) - len(VISITORS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("light", LIGHTS)
def test_every_light_is_there_in_the_kiosks_own_words(
    drawn: dict[str, list[Page]], light: Signal, language: str
) -> None:
    text = _without_spaces(drawn[language][1].text)
    assert _without_spaces(caption(light, None, (language,))) in text
    to_do = STATES.get(light.value) or words.TO_DO[light]
    assert _without_spaces(said(to_do, language)) in text


def test_what_the_status_file_says_is_not_said_otherwise() -> None:
    assert {light.value for light in words.TO_DO} & set(STATES) == set()
    assert set(STATES) <= {light.value for light in LIGHTS}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_pin_is_there(drawn: dict[str, list[Page]], language: str) -> None:
    text = drawn[language][0].text
    for wire in wires_of(Configuration()):
        name = said(words.NAMES[wire.part][0], language)
        row = " ".join(filter(None, (name, wire.terminal, wire.name, str(wire.pin))))
        assert name in text
        assert row in text or not wire.terminal, row
        assert text.count(wire.name) >= 3  # header, wire, table
    for pin, name in PINS.items():
        assert f"{pin} {name}" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_there(drawn: dict[str, list[Page]], language: str) -> None:
    text = _without_spaces(" ".join(page.text for page in drawn[language]))
    rows = [*words.PARTS, *words.NAMES.values()]
    texts = [*words.FLASHING, *words.DOOR, *words.STICK, words.LAST, words.STICK_NOTE]
    for one in [*(cell for row in rows for cell in row), *texts, words.PINS_NOTE]:
        assert _without_spaces(_plain(said(one, language))) in text, one


def test_a_kiosk_that_is_wired_otherwise_has_its_own_pages() -> None:
    configuration = Configuration(
        lamp=LampSection(red_pin=21, green_pin=4), button=ButtonSection(driver="raspberry", pin=26)
    )
    first, _second = pages_of(draw_handbook(configuration, "en"))
    for row in ("Red light GPIO21 40", "Green light GPIO4 7", "Button GPIO26 37"):
        assert row in first.text
    assert "switched off" not in first.text


def test_the_same_configuration_is_the_same_file() -> None:
    assert draw_handbook(Configuration(), "id") == draw_handbook(Configuration(), "id")
