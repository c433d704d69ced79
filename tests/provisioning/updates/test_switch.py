"""Each start of the machine runs a release that is whole, the newest that has proved itself."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from provisioning.updates.image import KEYS_FILE, LIBRARIES_FILE, own_image
from provisioning.updates.memory import (
    MOST_BOOTS,
    MOST_TRIES,
    NAME,
    Memory,
    Trial,
    read_memory,
    taken_back,
    write_memory,
)
from provisioning.updates.shelf import Shelf
from provisioning.updates.switch import Switch, begin_boot
from tests.provisioning.updates.updates import BUILT_IN, KEY, LIBRARIES, Machine, make_update

TRIAL = Trial("0.3.0", 1, was_green=True, was_in_touch=True)
MEMORY = Memory(current="0.2.0", previous="0.1.5", trial=TRIAL)


def test_a_trial_goes_on_and_is_counted() -> None:
    memory, version = begin_boot(MEMORY, lambda _version: True)
    assert version == "0.3.0"
    assert memory == replace(MEMORY, trial=replace(TRIAL, boots=2))


def test_a_trial_that_takes_too_many_starts_is_over() -> None:
    last = replace(MEMORY, trial=replace(TRIAL, boots=MOST_BOOTS))
    memory, version = begin_boot(last, lambda _version: True)
    assert version == "0.2.0"
    assert (memory.trial, memory.waiting, memory.failures) == (None, "0.3.0", {"0.3.0": 1})


@pytest.mark.parametrize(
    ("damaged", "version"),
    [
        ({"0.3.0"}, "0.2.0"),
        ({"0.3.0", "0.2.0"}, "0.1.5"),
        ({"0.3.0", "0.2.0", "0.1.5"}, ""),
    ],
)
def test_what_is_damaged_is_passed_over(damaged: set[str], version: str) -> None:
    memory, runs = begin_boot(MEMORY, lambda found: found not in damaged)
    assert runs == version
    # It may be read again tomorrow.
    assert (memory.current, memory.previous) == ("0.2.0", "0.1.5")


def test_a_version_is_given_up_by_and_by_or_at_once() -> None:
    memory = Memory(current="0.2.0")
    for tries in range(1, MOST_TRIES + 1):
        assert not memory.has_refused("0.3.0")
        memory = taken_back(memory, TRIAL, is_proof=False)
        assert memory.waiting == ("" if tries == MOST_TRIES else "0.3.0")
    assert memory.has_refused("0.3.0")
    assert taken_back(Memory(), TRIAL, is_proof=True).has_refused("0.3.0")


def test_memory_is_read_as_it_was_written(tmp_path: Path) -> None:
    memory = replace(MEMORY, failures={"0.2.5": 3}, waiting="0.4.0")
    write_memory(tmp_path, memory)
    assert read_memory(tmp_path) == memory
    assert read_memory(tmp_path / "nothing") == Memory()


@pytest.mark.parametrize(
    "change",
    [
        {"current": 7}, {"current": "../x"}, {"trial": []}, {"trial": {}}, {"failures": []},
        {"failures": {"0.3.0": "3"}}, {"failures": {"x": 3}}, {"waiting": None},
        {"trial": {"version": "x", "boots": 1, "was_green": True, "was_in_touch": True}},
    ],
)  # fmt: skip
def test_damaged_memory_is_none(tmp_path: Path, change: dict[str, object]) -> None:
    write_memory(tmp_path, MEMORY)
    content = json.loads((tmp_path / NAME).read_text())
    (tmp_path / NAME).write_text(json.dumps({**content, **change}))
    assert read_memory(tmp_path) == Memory()


@pytest.mark.parametrize("content", ["", "{", "null", "[]", "[" * 100_000])
def test_memory_that_is_no_object_is_none(tmp_path: Path, content: str) -> None:
    (tmp_path / NAME).write_text(content)
    assert read_memory(tmp_path) == Memory()


def _updated(tmp_path: Path) -> Machine:
    machine = Machine(tmp_path / "machine")
    machine.boot()
    machine.bring(make_update(tmp_path, "0.2.0"))
    machine.errand().go()
    return machine


def test_a_newer_image_runs_its_own_release(tmp_path: Path) -> None:
    """After the other slot was written: what is installed is older than what is built in."""
    machine = _updated(tmp_path)
    assert machine.boot() == "0.2.0"
    machine.image = replace(machine.image, version="0.3.0")
    machine.shelf = Shelf(machine.disk, machine.image)
    assert machine.boot() == ""
    assert machine.running() == "0.3.0"


@pytest.mark.parametrize(
    "change",
    [{"python": "3.14"}, {"libraries": bytes(32)}, {"release_keys": (bytes(32),)}],
    ids=["python", "libraries", "keys"],
)
def test_an_image_that_it_does_not_fit_runs_its_own_release(
    tmp_path: Path, change: dict[str, object]
) -> None:
    machine = _updated(tmp_path)
    machine.image = replace(machine.image, **change)  # type: ignore[arg-type]
    machine.shelf = Shelf(machine.disk, machine.image)
    assert machine.boot() == ""


def test_a_trial_that_cannot_be_counted_does_not_begin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = _updated(tmp_path)
    write_memory(machine.disk, replace(read_memory(machine.disk), trial=replace(TRIAL, boots=1)))
    machine.begin()

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        machine.switch.settle()
    assert machine.running() == BUILT_IN


def test_without_its_disk_the_image_runs_its_own_release(tmp_path: Path) -> None:
    machine = Machine(tmp_path / "machine")
    machine.disk.rmdir()
    assert machine.boot() == ""


def test_a_link_that_leads_elsewhere_is_no_release(tmp_path: Path) -> None:
    machine = Machine(tmp_path / "machine")
    switch = Switch(machine.shelf, machine.image, tmp_path / "nowhere")
    assert switch.running() == ""
    (machine.memory / "current").unlink()
    (machine.memory / "current").symlink_to("/etc/0.9.0")
    assert machine.switch.running() == ""


def test_the_image_says_which_keys_and_libraries(tmp_path: Path) -> None:
    assert own_image(tmp_path).release_keys == ()
    assert own_image(tmp_path).libraries == b""
    public = KEY.public_key().public_bytes_raw()
    (tmp_path / KEYS_FILE).write_text(f"{public.hex()}\nrubbish\n{bytes(32).hex()}\n")
    (tmp_path / LIBRARIES_FILE).write_text(f"{LIBRARIES.hex()}\n")
    own = own_image(tmp_path)
    assert (own.release_keys, own.libraries) == ((public, bytes(32)), LIBRARIES)
    assert own.interpreter.exists()
    (tmp_path / LIBRARIES_FILE).write_text("abc")
    assert own_image(tmp_path).libraries == b""
