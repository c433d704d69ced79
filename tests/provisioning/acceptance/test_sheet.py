"""The report is one page, whatever is wrong, and has nothing English on the Indonesian one."""

import pytest

from provisioning.acceptance import words
from provisioning.acceptance.bench import PARTS
from provisioning.acceptance.sheet import draw_report
from provisioning.language import LANGUAGES, said
from tests.provisioning.acceptance.reports import SERIAL, a_report, bad
from tests.provisioning.printed import lower_edges_mm, pages_of

_LONG = "run as the user gapura-kiosk, after it has started once; or set [kiosk] state_dir"


def _plain(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_says_all_on_one_page(language: str) -> None:
    report = a_report()
    (page,) = pages_of(draw_report(report, language))
    for part, tried in words.PARTS.values():
        assert _plain(said(part, language)) in page.text
        assert _plain(said(tried, language)) in page.text
    for told in (report.mark, SERIAL, "gapura 0.1.0", "2026-02-03 04:05 UTC", "AB", "2985 mV"):
        assert told in page.text
    assert said(words.PASSED, language) in page.text
    assert said(words.CONFIRMED, language) in page.text
    assert said(words.NOT_NEEDED, language) in page.text
    assert page.size_mm == pytest.approx((210, 297), abs=0.1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_with_everything_wrong_it_is_still_one_page(language: str) -> None:
    report = a_report("ABCD", *(bad(part, _LONG) for part in PARTS))
    (page,) = pages_of(draw_report(report, language))
    assert page.text.count(_plain(said(_LONG, language))) == len(PARTS)
    assert f"{len(PARTS)}" in said(words.FAILED, language).format(count=len(PARTS), all=len(PARTS))
    assert min(page.margins_mm) > 6
    assert said(words.SIGNATURE, language) in page.text


def test_however_much_is_wrong_nothing_stands_in_the_place_of_the_signature() -> None:
    advice = f"{_LONG}; {_LONG}; mark"
    drawn = draw_report(a_report("AB", *(bad(part, advice) for part in PARTS)), "en")
    (signature,) = lower_edges_mm(drawn, words.TECHNICIAN + " AB")
    ends = lower_edges_mm(drawn, "mark")
    assert len(ends) == len(PARTS)
    assert min(ends) > signature + 5


def test_numbers_have_the_comma_of_their_language() -> None:
    indonesian, english = (pages_of(draw_report(a_report(), one))[0] for one in LANGUAGES)
    assert "14,9" in indonesian.text
    assert "14.9" in english.text


def test_advice_without_a_translation_is_not_left_in_english() -> None:
    report = a_report("AB", bad("board", "pull <this> & that"))
    indonesian, english = (pages_of(draw_report(report, one))[0] for one in LANGUAGES)
    assert "pull <this> & that" in english.text
    assert "pull" not in indonesian.text
    assert said(words.SEE_THE_PROGRAM, "id") in indonesian.text


def test_what_nobody_signed_is_not_confirmed() -> None:
    (page,) = pages_of(draw_report(a_report(""), "en"))
    assert said(words.NOT_SIGNED, "en") in page.text
    assert words.CONFIRMED not in page.text


def test_the_same_report_is_the_same_file() -> None:
    assert draw_report(a_report(), "id") == draw_report(a_report(), "id")
