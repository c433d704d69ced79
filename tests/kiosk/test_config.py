"""Every fault of a configuration file is told at once, in words that say what to write instead."""

import dataclasses
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.config import Configuration, load, parse, settings
from kiosk.errors import ConfigurationError

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "configuration.md"


def _faults(text: str) -> list[str]:
    with pytest.raises(ConfigurationError) as error:
        parse(text, origin="kiosk.toml")
    head, *listed = str(error.value).split("\n  - ")
    assert head == f"kiosk.toml has {len(listed)} fault(s):"
    assert "docs/reference/configuration.md" in error.value.hint
    return listed


def test_an_empty_file_is_all_defaults() -> None:
    configuration = parse("", origin="-")
    assert configuration == Configuration()
    assert configuration.kiosk.state_dir == "/var/lib/gapura"
    assert configuration.kiosk.languages == ("id", "en")
    assert configuration.scanning.contained


def test_what_is_written_is_taken_and_the_rest_is_default() -> None:
    text = """
        [kiosk]
        languages = ["en"]
        [camera]
        driver = "desktop"
        source = "webcam"
        width_px = 1280
        [scanning]
        rungs = ["zxing"]
        budget_ms = 7
        contained = false
        [journal]
        deadline_s = 1
    """
    configuration = parse(text, origin="-")
    assert configuration.kiosk.languages == ("en",)
    assert (configuration.camera.driver, configuration.camera.width_px) == ("desktop", 1280)
    assert configuration.camera.height_px == 480
    assert configuration.scanning.rungs == ("zxing",)
    assert configuration.scanning.budget_ms == 7.0
    assert isinstance(configuration.journal.deadline_s, float)


def test_three_mistakes_are_three_faults() -> None:
    text = """
        [camra]
        [lamp]
        red_pni = 4
        green_pin = "27"
    """
    assert _faults(text) == [
        "[camra]: there is no such section; did you mean 'camera'?",
        "[lamp] red_pni: there is no such setting; did you mean 'red_pin'?",
        "[lamp] green_pin: must be a whole number, not '27'",
    ]


def test_a_name_like_no_other_lists_what_there_is() -> None:
    (fault,) = _faults("[board]\nxyzzy = 1")
    assert fault == "[board] xyzzy: there is no such setting; there are: driver"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("kiosk = 5", "kiosk: must be a section, written [kiosk]"),
        ("kiosk = [1]", "kiosk: must be a section, written [kiosk]"),
        ("[kiosk]\nstate_dir = 5", "[kiosk] state_dir: must be text, not 5"),
        ("[kiosk]\nlanguages = 'id'", "[kiosk] languages: must be a list of str, not 'id'"),
        ("[kiosk]\nlanguages = [1]", "[kiosk] languages: must be a list of str, not [1]"),
        ("[camera]\nseed = true", "[camera] seed: must be a whole number, not True"),
        ("[camera]\nseed = 1.5", "[camera] seed: must be a whole number, not 1.5"),
        ("[scanning]\ncontained = 1", "[scanning] contained: must be true or false, not 1"),
        ("[scanning]\nbudget_ms = true", "[scanning] budget_ms: must be a number, not True"),
        ("[journal]\ndeadline_s = '2'", "[journal] deadline_s: must be a number, not '2'"),
        ("[camera]\nwidth_px = -1", "[camera] width_px: must be more than 0"),
        ("[camera]\nheight_px = 0", "[camera] height_px: must be more than 0"),
        ("[lamp]\nred_pin = -1", "[lamp] red_pin: must not be negative"),
        ("[buzzer]\npin = -1", "[buzzer] pin: must not be negative"),
        ("[scanning]\nbudget_ms = -0.5", "[scanning] budget_ms: must not be negative"),
        ("[scanning]\nbudget_ms = nan", "[scanning] budget_ms: must be finite"),
        ("[journal]\ndeadline_s = 0", "[journal] deadline_s: must be more than 0"),
        ("[journal]\ndeadline_s = -2.0", "[journal] deadline_s: must be more than 0"),
        ("[journal]\ndeadline_s = inf", "[journal] deadline_s: must be finite"),
        ("[journal]\ndeadline_s = nan", "[journal] deadline_s: must be finite"),
    ],
)
def test_a_value_that_cannot_be_is_a_fault(text: str, fault: str) -> None:
    assert _faults(text) == [fault]


@pytest.mark.parametrize("text", ["[kiosk", "a = ", "[kiosk]\n[kiosk]", "\0", "x = " + "[" * 5000])
def test_what_is_not_toml_is_said_with_its_place(text: str) -> None:
    with pytest.raises(ConfigurationError, match=r"kiosk\.toml is not TOML"):
        parse(text, origin="kiosk.toml")


def test_a_number_of_five_thousand_digits_is_no_crash() -> None:
    with pytest.raises(ConfigurationError):
        parse("[camera]\nseed = " + "9" * 5000, origin="kiosk.toml")


@given(st.text(max_size=200))
def test_no_text_raises_anything_else(text: str) -> None:
    with suppress(ConfigurationError):
        parse(text, origin="kiosk.toml")


@pytest.mark.parametrize("encoded", [
    b"[camera]\r\ndriver = \"absent\"\r\n",
    b"\xef\xbb\xbf[camera]\ndriver = \"absent\"\n",
    b"\xef\xbb\xbf[camera]\r\ndriver = \"absent\"",
])  # fmt: skip
def test_a_file_written_on_windows_is_read(tmp_path: Path, encoded: bytes) -> None:
    (tmp_path / "kiosk.toml").write_bytes(encoded)
    assert load(tmp_path / "kiosk.toml").camera.driver == "absent"


def test_a_missing_file_says_how_to_name_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no configuration file") as error:
        load(tmp_path / "kiosk.toml")
    assert "--config" in error.value.hint


@pytest.mark.parametrize("content", [b"\xff\xfe[\0k\0", b"[kiosk]\nstate_dir = '\xe9'"])
def test_a_file_in_another_encoding_is_said(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "kiosk.toml").write_bytes(content)
    with pytest.raises(ConfigurationError, match="cannot be read"):
        load(tmp_path / "kiosk.toml")


def test_a_directory_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read"):
        load(tmp_path)


def test_every_setting_is_listed_with_its_default() -> None:
    listed = settings()
    sections = dataclasses.fields(Configuration)
    assert {section for section, _, _ in listed} == {section.name for section in sections}
    assert ("journal", "deadline_s", 2.0) in listed


def _as_toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return "[" + ", ".join(f'"{item}"' for item in value) + "]"
    return f'"{value}"' if isinstance(value, str) else str(value)


@pytest.mark.parametrize(("section", "key", "default"), settings())
def test_the_reference_page_has_every_setting_and_its_default(
    section: str, key: str, default: object
) -> None:
    chapter = PAGE.read_text(encoding="utf-8").split(f"## `[{section}]`", maxsplit=1)[1]
    rows = [line for line in chapter.split("\n## ")[0].splitlines() if f"| `{key}` |" in line]
    assert len(rows) == 1
    assert f"| `{_as_toml(default)}` |" in rows[0]


def test_the_reference_page_has_no_setting_that_does_not_exist() -> None:
    page = PAGE.read_text(encoding="utf-8")
    rows = [line.split("|")[1].strip(" `") for line in page.splitlines() if line.startswith("| `")]
    assert rows == [key for _, key, _ in settings()]


def test_the_example_on_the_reference_page_is_taken() -> None:
    page = PAGE.read_text(encoding="utf-8")
    example = page.split("```toml\n")[1].split("```")[0]
    assert parse(example, origin="the page") != Configuration()
