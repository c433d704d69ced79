"""The power may go at any file operation: the machine starts with a release that is whole, and the
update comes to its end in one of the next starts, or is given up.
"""

import copy
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from provisioning.updates.shelf import INCOMING
from provisioning.updates.trial import Outcome
from provisioning.updates.trouble import UpdateRefused
from tests.provisioning.updates.cuts import Cutter, PowerCut
from tests.provisioning.updates.updates import BUILT_IN, Machine, make_update

Scene = Callable[[Machine], None]
# `script/test-long updates` cuts at each operation, beginning with the first.
_STRIDE = int(os.environ.get("STRIDE", "11"))
_FIRST = int(os.environ.get("FIRST", "3")) if _STRIDE > 1 else 0


@pytest.fixture
def cutter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cutter:
    made = Cutter(tmp_path / "machine")
    monkeypatch.setattr(os, "fsync", made.fsync)
    return made


def _first(machine: Machine) -> None:
    machine.bring(machine.root / "0.2.0.update")


def _second(machine: Machine) -> None:
    _first(machine)
    assert machine.errand().go() is Outcome.GREEN
    machine.bring(machine.root / "0.3.0.update")


def _bad(machine: Machine) -> None:
    _second(machine)
    machine.fares["0.3.0"] = "out-of-order"


def _half_done(machine: Machine) -> None:
    """Remains of a cut before: a draft, and what was being removed."""
    _second(machine)
    shutil.copytree(machine.disk / "0.2.0", machine.disk / "draft", symlinks=True)
    shutil.copytree(machine.disk / "0.2.0", machine.disk / "gone", symlinks=True)


SCENES: dict[Scene, set[str]] = {
    _first: {BUILT_IN, "0.2.0"},
    _second: {"0.2.0", "0.3.0"},
    _bad: {"0.2.0", "0.3.0"},
    _half_done: {"0.2.0", "0.3.0"},
}


def _go(machine: Machine) -> None:
    try:
        machine.errand().go()
    except UpdateRefused:
        pytest.fail("a cut made an update of another one")


@pytest.mark.parametrize("is_lost", [False, True], ids=["kept", "lost"])
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__[1:])
def test_cut_at_every_operation(
    tmp_path: Path, cutter: Cutter, scene: Scene, *, is_lost: bool
) -> None:
    """Whatever was not synced is there, or none of it."""
    root, kept = tmp_path / "machine", tmp_path / "kept"
    before = _at_the_scene(tmp_path, root, scene)
    root.rename(kept)
    place, cuts = _FIRST, 0
    while True:
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(kept, root, symlinks=True)
        machine = copy.deepcopy(before)
        try:
            with cutter.power(place):
                _go(machine)
        except PowerCut:
            cuts += 1
        else:
            break
        if is_lost:
            cutter.lose()
        _comes_back(machine, cutter, SCENES[scene], good=scene is not _bad)
        place += _STRIDE
    assert cuts > 25 // _STRIDE


def _at_the_scene(made: Path, root: Path, scene: Scene) -> Machine:
    machine = Machine(root)
    for version in ("0.2.0", "0.3.0"):
        (made / version).mkdir()
        make_update(made / version, version).rename(root / f"{version}.update")
    machine.boot()
    scene(machine)
    return machine


def _comes_back(machine: Machine, cutter: Cutter, either: set[str], *, good: bool) -> None:
    # The next start is cut off too, wherever that may be, and the one after it.
    for at in (0, 1, 2, None):
        machine.begin()
        try:
            with cutter.power(at):
                machine.switch.settle()
        except PowerCut:
            pass
        machine.require_whole()
    machine.start()
    assert machine.running() in either
    newest = max(either)
    for _ in range(3):
        _go(machine)
        machine.boot()
        machine.require_whole()
    assert machine.running() == (newest if good else min(either))
    assert not (machine.disk / INCOMING).exists()
    left = {path.name for path in machine.disk.iterdir() if path.is_dir()}
    assert left <= {"0.2.0", "0.3.0"}
