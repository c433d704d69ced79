"""An update is kept when it turns green and stays so; else what ran before runs again."""

from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from provisioning.updates.memory import MOST_BOOTS, MOST_TRIES, read_memory
from provisioning.updates.shelf import Shelf
from provisioning.updates.switch import Switch
from provisioning.updates.trial import LONGEST_MS, STEADY_MS, Outcome
from provisioning.updates.trouble import Trouble, UpdateRefused
from tests.provisioning.updates.updates import BUILT_IN, Machine, make_update


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    made = Machine(tmp_path / "machine")
    made.boot()
    return made


def test_without_an_update_nothing_happens(machine: Machine) -> None:
    assert machine.errand().go() is None
    assert machine.restarts == 0


def test_what_turns_green_and_stays_so_is_kept(machine: Machine, tmp_path: Path) -> None:
    machine.bring(make_update(tmp_path, "0.2.0"))
    begun_ms = machine.clock_ms
    assert machine.errand().go() is Outcome.GREEN
    assert machine.clock_ms - begun_ms >= STEADY_MS
    assert machine.running() == "0.2.0"
    assert machine.boot() == "0.2.0"
    assert machine.report()["failed"] == ""


def test_the_one_before_is_kept_and_no_other(machine: Machine, tmp_path: Path) -> None:
    for version in ("0.2.0", "0.3.0", "0.4.0"):
        machine.bring(make_update(tmp_path, version))
        assert machine.errand().go() is Outcome.GREEN
    folders = {path.name for path in machine.disk.iterdir() if path.is_dir()}
    assert folders == {"0.3.0", "0.4.0"}


@pytest.mark.parametrize("state", ["fault-camera", "out-of-order", "silent"])
def test_what_does_not_turn_green_is_taken_back_for_good(
    machine: Machine, tmp_path: Path, state: str
) -> None:
    machine.fares["0.2.0"] = state
    file = make_update(tmp_path, "0.2.0")
    machine.bring(file)
    assert machine.errand().go() is Outcome.NOT_GREEN
    assert machine.running() == BUILT_IN
    assert machine.clock_ms <= LONGEST_MS + 10_000
    assert (machine.report()["failed"], machine.report()["unwanted"]) == ("0.2.0", ["0.2.0"])
    machine.bring(file)
    with pytest.raises(UpdateRefused) as caught:
        machine.errand().go()
    assert caught.value.trouble is Trouble.TAKEN_BACK
    machine.boot()
    assert machine.report()["failed"] == "0.2.0"


def test_a_green_that_does_not_last_is_none(machine: Machine, tmp_path: Path) -> None:
    machine.bring(make_update(tmp_path, "0.2.0"))

    def flicker(seconds: float) -> None:
        is_down = (machine.clock_ms // 30_000) % 2
        machine.fares["0.2.0"] = "out-of-order" if is_down else "ready"
        machine.wait(seconds)

    assert machine.errand(flicker).go() is Outcome.NOT_GREEN
    assert machine.running() == BUILT_IN


def test_the_old_doors_green_counts_for_nothing(machine: Machine, tmp_path: Path) -> None:
    machine.bring(make_update(tmp_path, "0.2.0"))

    def old(seconds: float) -> None:
        machine.clock_ms += round(seconds * 1000)
        machine.show("ready", BUILT_IN)

    assert machine.errand(old).go() is Outcome.NOT_GREEN


def test_a_later_version_comes_after_a_bad_one(machine: Machine, tmp_path: Path) -> None:
    machine.fares["0.2.0"] = "out-of-order"
    machine.bring(make_update(tmp_path, "0.2.0"))
    machine.errand().go()
    machine.bring(make_update(tmp_path, "0.2.1"))
    assert machine.errand().go() is Outcome.GREEN
    assert machine.report()["failed"] == ""


def test_who_was_in_touch_must_be_again(machine: Machine, tmp_path: Path) -> None:
    """A kiosk that nobody can reach can be given no better release."""
    machine.bring(make_update(tmp_path, "0.2.0"))

    def cut_off(seconds: float) -> None:
        machine.line = "hub-away"
        machine.courier_since_ms = machine.clock_ms
        machine.wait(seconds)

    machine.silent_courier = True
    assert machine.errand(cut_off).go() is Outcome.OUT_OF_TOUCH
    assert machine.running() == BUILT_IN
    assert machine.report()["waiting"] == "0.2.0"


def test_without_a_line_before_none_is_asked_for(machine: Machine, tmp_path: Path) -> None:
    machine.line = "no-network"
    machine.show("ready", BUILT_IN)
    machine.bring(make_update(tmp_path, "0.2.0"))
    assert machine.errand().go() is Outcome.GREEN


@pytest.mark.parametrize("line", ["door-away", "trouble", "starting"])
def test_a_courier_that_does_not_go_its_rounds_is_not_kept(
    machine: Machine, tmp_path: Path, line: str
) -> None:
    machine.line = line
    machine.show("ready", BUILT_IN)
    machine.bring(make_update(tmp_path, "0.2.0"))
    assert machine.errand().go() is Outcome.OUT_OF_TOUCH
    assert machine.running() == BUILT_IN


def test_where_something_else_may_be_to_blame_it_is_tried_again(
    machine: Machine, tmp_path: Path
) -> None:
    """A door that was not green before proves nothing against a release."""
    machine.fares = {BUILT_IN: "fault-camera", "0.2.0": "fault-camera"}
    machine.start()
    machine.bring(make_update(tmp_path, "0.2.0"))
    for _ in range(MOST_TRIES):
        assert machine.errand().go() is Outcome.NOT_GREEN
        assert machine.boot() == ""
    assert machine.errand().go() is None
    assert read_memory(machine.disk).has_refused("0.2.0")


def test_an_update_may_mend_what_keeps_the_door_from_green(
    machine: Machine, tmp_path: Path
) -> None:
    machine.fares = {BUILT_IN: "out-of-order"}
    machine.start()
    machine.bring(make_update(tmp_path, "0.2.0"))
    assert machine.errand().go() is Outcome.GREEN


def test_a_service_manager_that_takes_no_order(machine: Machine, tmp_path: Path) -> None:
    machine.takes_orders = False
    machine.bring(make_update(tmp_path, "0.2.0"))
    assert machine.errand().go() is Outcome.OUT_OF_TOUCH
    assert machine.running() == BUILT_IN


def test_a_release_that_hangs_the_machine_is_given_up(machine: Machine, tmp_path: Path) -> None:
    machine.bring(make_update(tmp_path, "0.2.0"))

    class Hung(Exception):
        pass

    def hang(_seconds: float) -> None:
        raise Hung

    with pytest.raises(Hung):
        machine.errand(hang).go()
    boots = 1
    while machine.boot() == "0.2.0":
        boots += 1
        with pytest.raises(Hung):
            machine.errand(hang).go()
    assert boots == MOST_BOOTS
    assert machine.running() == BUILT_IN


def test_a_trial_goes_on_after_a_power_cut(machine: Machine, tmp_path: Path) -> None:
    machine.bring(make_update(tmp_path, "0.2.0"))

    class PowerCut(Exception):
        pass

    def cut(_seconds: float) -> None:
        raise PowerCut

    with pytest.raises(PowerCut):
        machine.errand(cut).go()
    assert machine.boot() == "0.2.0"
    assert machine.errand().go() is Outcome.GREEN


@pytest.mark.parametrize(
    ("made", "trouble"),
    [
        ({"key": Ed25519PrivateKey.generate()}, Trouble.FORGED),
        ({"python": "3.14"}, Trouble.OTHER_IMAGE),
        ({"machine": "x86_64"}, Trouble.OTHER_IMAGE),
        ({"libraries": bytes(32)}, Trouble.OTHER_IMAGE),
        ({"follows": "0.1.1"}, Trouble.TOO_FAR),
    ],
)
def test_what_is_not_for_this_kiosk_is_refused(
    machine: Machine, tmp_path: Path, made: dict[str, object], trouble: Trouble
) -> None:
    machine.bring(make_update(tmp_path, "0.2.0", **made))  # type: ignore[arg-type]
    with pytest.raises(UpdateRefused) as caught:
        machine.errand().go()
    assert caught.value.trouble is trouble
    assert machine.running() == BUILT_IN
    assert machine.report()["trouble"] == trouble.value
    # It is not looked at for ever.
    assert machine.errand().go() is None


@pytest.mark.parametrize("version", ["0.2.0", "0.1.9", BUILT_IN])
def test_versions_only_rise(machine: Machine, tmp_path: Path, version: str) -> None:
    (tmp_path / "new").mkdir()
    machine.bring(make_update(tmp_path / "new", "0.2.0"))
    machine.errand().go()
    (tmp_path / "old").mkdir()
    machine.bring(make_update(tmp_path / "old", version))
    with pytest.raises(UpdateRefused) as caught:
        machine.errand().go()
    assert caught.value.trouble is Trouble.NOT_NEWER
    assert machine.running() == "0.2.0"


def test_an_image_without_release_keys_takes_none(tmp_path: Path) -> None:
    machine = Machine(tmp_path / "machine")
    machine.image = replace(machine.image, release_keys=())
    machine.shelf = Shelf(machine.disk, machine.image)
    machine.switch = Switch(machine.shelf, machine.image, machine.memory)
    machine.bring(make_update(tmp_path, "0.2.0"))
    with pytest.raises(UpdateRefused) as caught:
        machine.errand().go()
    assert caught.value.trouble is Trouble.NO_KEYS
