"""sync.json is written whole, read with care, and told in words."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from sync.uplink.status import Status, boot_s, in_words, read, write

STATUS = Status("portal", "a sign-in page", "sign in", 5, 100, 4, 50)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "sync.json"
    assert read(path) is None
    write(path, STATUS)
    assert read(path) == STATUS
    assert [file.name for file in tmp_path.iterdir()] == ["sync.json"]


@pytest.mark.parametrize(
    "change",
    [{"more": 1}, {"since_boot_s": "x"}, {"since_boot_s": None}, {"last_success_boot_s": []}],
)
def test_another_form_is_none(change: dict[str, object], tmp_path: Path) -> None:
    path = tmp_path / "sync.json"
    content = {**asdict(STATUS), **change}
    if change == {"last_success_boot_s": []}:
        content["last_success_boot_s"] = [1]
    path.write_text(json.dumps(content))
    assert read(path) is None


@pytest.mark.parametrize(
    ("now_s", "span"),
    [(100, "0 s"), (90, "0 s"), (219, "119 s"), (220, "2 min"), (7_299, "119 min"),
     (7_300, "2 hours"), (172_900, "2 days")],
)  # fmt: skip
def test_spans_in_words(now_s: int, span: str) -> None:
    first, second, third = in_words(STATUS, now_s)
    assert first == f"portal: a sign-in page, for {span}"
    assert second.startswith("last in touch with the hub ")
    assert third == "-> sign in"


def test_where_nothing_is_to_be_done_nothing_is_said() -> None:
    assert in_words(Status("ok", "in touch", "", 5, 100, 4, 100), 110) == [
        "ok: in touch, for 10 s",
        "last in touch with the hub 10 s ago",
    ]


def test_the_clock_of_spans_goes_on() -> None:
    assert boot_s() > 0
