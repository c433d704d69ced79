"""The command line, and its reference page, which names all that there is."""

import argparse
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from provisioning.__main__ import build_parser, main
from provisioning.acceptance import words
from provisioning.acceptance.bench import PARTS

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "provision.md"
_FIGURES = (
    *("frames_per_s", "width_px", "height_px", "brightness", "sharpness"),
    *("serial", "temperature_c", "under_voltage"),
    *("write_median_ms", "write_max_ms", "free_percent", "free_mb"),
    *("read_percent", "module_px", "dark", "light"),
    *("rtc_offset_s", "rtc_battery_mv", "time_server", "interface", "wifi_dbm"),
    *("round_trip_ms", "answered_ago_s"),
)


def _commands() -> dict[str, argparse.ArgumentParser]:
    (commands,) = (
        action.choices
        for action in build_parser()._actions
        if isinstance(action, argparse._SubParsersAction)
    )
    return dict(commands)


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    for word in ("--version", "--help"):
        with pytest.raises(SystemExit) as caught:
            main([word])
        assert caught.value.code == 0
    told = capsys.readouterr().out
    assert f"gapura {version('gapura')}" in told
    assert "Exit codes: 0 done" in told


def test_without_a_command_it_says_how_it_is_used() -> None:
    with pytest.raises(SystemExit) as caught:
        main([])
    assert caught.value.code == 2


@pytest.mark.parametrize("name", _commands())
def test_the_page_has_every_command_with_its_options(name: str) -> None:
    headings = PAGE.read_text().split("\n## ")
    (section,) = (text for text in headings if text.startswith(f"{name}\n"))
    for action in _commands()[name]._actions:
        for option in action.option_strings:
            if option not in {"-h", "--help"}:
                assert f"`{option}" in section
        if not action.option_strings:
            assert str(action.metavar) in section


@pytest.mark.parametrize("word", [*PARTS, *_FIGURES])
def test_the_page_has_every_part_and_figure(word: str) -> None:
    assert f"`{word}`" in PAGE.read_text()


def test_the_page_promises_no_option_that_does_not_exist() -> None:
    options = {
        option
        for command in _commands().values()
        for action in command._actions
        for option in action.option_strings
    } | {"--version"}
    words = PAGE.read_text().replace("`", " ").split()
    assert {word for word in words if word.startswith("--")} <= options


def test_the_report_has_words_for_every_part_and_figure() -> None:
    assert set(words.PARTS) == set(PARTS)
    assert set(words.FIGURES) == set(_FIGURES)


def test_the_image_does_without_what_draws_pages() -> None:
    """It has no reportlab, and its services call this program."""
    words = "import sys; sys.modules['reportlab'] = None; import provisioning.__main__"
    done = subprocess.run(
        [sys.executable, "-c", words], capture_output=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
