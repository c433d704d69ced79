"""What the setup helper acts on, and what leaves everything as it was."""

import json
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

import base45
import pytest

from provisioning.firstboot.errand import OFFERED, Errand, Places
from provisioning.firstboot.network import PROFILE
from provisioning.firstboot.report import Report, read_report
from provisioning.firstboot.trouble import Trouble
from sync.wire.card import PREFIX
from sync.wire.wifi import WiFi
from tests.provisioning.cards import EXPIRES_S, ISSUED_S, CardHub
from tests.provisioning.firstboot.fake_time import FakeTime
from tests.provisioning.firstboot.test_network import FakeNmcli

WIFI = WiFi("Kantor $(reboot)", "`id` rahasia")
HUB = CardHub()


@dataclass(slots=True)
class Bench:
    """A machine of files; `go` is one start of the helper."""

    home: Path
    clock: FakeTime = field(default_factory=lambda: FakeTime(0))
    nmcli: FakeNmcli = field(default_factory=FakeNmcli)

    def __post_init__(self) -> None:
        for name in ("run", "state", "connections", "boot"):
            (self.home / name).mkdir()

    @property
    def places(self) -> Places:
        home = self.home
        return Places(
            given=home / "run",
            run_dir=home / "run",
            state_dir=home / "state",
            connections=home / "connections",
            boot_dir=home / "boot",
            stick_card=home / "run/stick.card",
        )

    def go(self) -> Report:
        return Errand(self.places, self.clock, self.nmcli).go()

    def camera(self, text: str) -> Report:
        (self.home / "run/card").write_text(text)
        report = self.go()
        assert not (self.home / "run/card").exists()
        return report

    def enrol(self, hub: CardHub = HUB) -> None:
        (self.home / "run/enrolled").write_text(hub.card().root_public.hex())
        self.go()
        assert not (self.home / "run/enrolled").exists()

    def is_untouched(self) -> bool:
        return not (self.profile.exists() or self.clock.was_set or self.nmcli.calls)

    @property
    def profile(self) -> Path:
        return self.home / "connections" / PROFILE

    def offered(self) -> str | None:
        path = self.home / "run" / OFFERED
        return path.read_text() if path.exists() else None


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_the_first_card_sets_network_and_clock(bench: Bench) -> None:
    report = bench.camera(HUB.text(wifi=WIFI))
    assert report == Report("done", "camera")
    assert read_report(bench.places.run_dir) == report
    assert bench.profile.exists()
    assert bench.clock.was_set == [ISSUED_S]
    # The door has read it itself.
    assert bench.offered() is None


def test_a_card_without_wifi_leaves_the_network_alone(bench: Bench) -> None:
    assert bench.camera(HUB.text()).outcome == "done"
    assert not bench.profile.exists()
    assert bench.nmcli.calls == []


def _bent(text: str) -> str:
    message = bytearray(base45.b45decode(text.removeprefix(PREFIX)))
    message[60] ^= 1
    return PREFIX + str(base45.b45encode(bytes(message)).decode())


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ("", Trouble.CARD_FORGED),
        ("$(reboot)", Trouble.CARD_FORGED),
        (PREFIX + "A" * 1600, Trouble.NO_CARD),
        (_bent(HUB.text(wifi=WIFI)), Trouble.CARD_FORGED),
        (HUB.text(key_list=CardHub(2).card().key_list, wifi=WIFI), Trouble.CARD_FORGED),
        (HUB.text(hub_url="https://a`reboot`", wifi=WIFI), Trouble.CARD_FORGED),
        (HUB.text(door_label="a\n[x]", wifi=WIFI), Trouble.CARD_FORGED),
        (HUB.text(issued_at_s=2**50, wifi=WIFI), Trouble.CARD_FORGED),
    ],
)
def test_what_is_no_card_has_no_effect(text: str, trouble: Trouble, bench: Bench) -> None:
    report = bench.camera(text)
    assert (report.outcome, report.trouble) == ("failed", trouble.value)
    assert report.step == "configuration"
    assert bench.is_untouched()


def test_a_card_that_is_over_has_no_effect_where_the_time_is_known(bench: Bench) -> None:
    bench.clock = FakeTime(EXPIRES_S + 1, synchronised=True)
    assert bench.camera(HUB.text(wifi=WIFI)).trouble == "card-expired"
    assert bench.is_untouched()
    # A clock that is merely set proves nothing.
    bench.clock = FakeTime(EXPIRES_S + 1)
    assert bench.camera(HUB.text(wifi=WIFI)).outcome == "done"


def test_before_the_kiosk_is_enrolled_any_hubs_card_counts(bench: Bench) -> None:
    """A technician has shown the wrong one; the door is asking at a hub that will never answer."""
    assert bench.camera(CardHub(2).text(wifi=WiFi("a"))).outcome == "done"
    assert bench.camera(HUB.text(wifi=WIFI)).outcome == "done"


LATER = {"issued_at_s": ISSUED_S + 10, "token": bytes(16)}


def test_an_enrolled_kiosk_takes_newer_cards_of_its_own_hub_and_door(bench: Bench) -> None:
    bench.camera(HUB.text())
    bench.enrol()
    assert bench.camera(HUB.text(wifi=WIFI, **LATER)).outcome == "done"
    assert bench.profile.exists()


@pytest.mark.parametrize(
    ("hub", "changes", "trouble"),
    [
        (CardHub(2), LATER, Trouble.CARD_OTHER_HUB),
        (HUB, {**LATER, "door": b"another1"}, Trouble.CARD_OTHER_DOOR),
        (HUB, {"issued_at_s": ISSUED_S - 1, "token": bytes(16)}, Trouble.CARD_OLD),
    ],
)
def test_an_enrolled_kiosk_refuses_every_other(
    hub: CardHub, changes: dict[str, object], trouble: Trouble, bench: Bench
) -> None:
    bench.clock = FakeTime(ISSUED_S + 100)
    bench.camera(HUB.text())
    bench.enrol()
    report = bench.camera(hub.text(wifi=WIFI, **changes))
    assert report.trouble == trouble.value
    assert bench.is_untouched()


def test_what_the_door_says_once_it_cannot_take_back(bench: Bench) -> None:
    bench.enrol()
    bench.enrol(CardHub(2))
    (bench.home / "run/enrolled").write_text("../../etc/passwd")
    bench.go()
    assert bench.camera(CardHub(2).text(wifi=WIFI)).trouble == "card-other-hub"
    assert bench.is_untouched()


def _write(bench: Bench, content: str) -> Path:
    path = bench.home / "boot/kiosk.toml"
    path.write_text(content)
    return path


def test_a_file_sets_up_a_kiosk_whose_camera_reads_nothing(bench: Bench) -> None:
    text = HUB.text()
    path = _write(bench, f"card = '{text}'\n[wifi]\nssid = 'Desa'\npsk = 'kunci rahasia'\n")
    assert bench.go() == Report("done", "boot partition")
    assert bench.offered() == text
    assert stat.S_IMODE((bench.home / "run" / OFFERED).stat().st_mode) == 0o640
    assert "68;101;115;97;" in bench.profile.read_text()
    for secret in ("kunci", text[5:40]):
        assert secret not in path.read_text()


def test_the_card_of_a_file_outlives_a_power_cut_until_the_kiosk_is_enrolled(bench: Bench) -> None:
    _write(bench, f"card = '{HUB.text()}'\n")
    bench.go()
    (bench.home / "run" / OFFERED).unlink()
    bench.go()
    assert bench.offered() == HUB.text()
    bench.enrol()
    assert bench.offered() is None
    assert list((bench.home / "state").glob(OFFERED)) == []


def test_a_file_with_a_card_that_is_refused_stays_to_be_mended(bench: Bench) -> None:
    content = f"card = '{_bent(HUB.text())}'\n[wifi]\nssid = 'Desa'\npsk = 'kunci rahasia'\n"
    path = _write(bench, content)
    assert bench.go().trouble == "card-forged"
    assert path.read_text() == content
    assert bench.is_untouched()
    assert bench.offered() is None


def test_a_wifi_of_a_file_that_does_not_come_up_is_kept_and_emptied(bench: Bench) -> None:
    path = _write(bench, "[wifi]\nssid = 'Desa'\npsk = 'kunci rahasia'\n")
    bench.nmcli.codes["up"] = 4
    assert bench.go().step == "network"
    assert bench.profile.exists()
    assert "kunci" not in path.read_text()


@pytest.mark.parametrize("content", [b"\xff" * 1_000_000, b"#" * 1_000_000, os.urandom(500)])
def test_a_file_of_anything_has_no_effect(content: bytes, bench: Bench) -> None:
    (bench.home / "boot/kiosk.toml").write_bytes(content)
    report = bench.go()
    assert (report.outcome, report.step) == ("failed", "configuration")
    assert bench.is_untouched()
    assert bench.offered() is None


def test_a_card_on_a_stick_is_offered_until_it_has_been_used(bench: Bench) -> None:
    text = HUB.text(wifi=WIFI)
    for round_no in range(2):
        (bench.home / "run/stick.card").write_text(f"{text}\r\n")
        assert bench.go() == Report("done", "stick")
        assert bench.offered() == (text if round_no == 0 else None)
        bench.enrol()


def test_one_source_that_fails_keeps_no_other_from_being_read(bench: Bench) -> None:
    _write(bench, "card = 1")
    (bench.home / "run/card").write_text(HUB.text(wifi=WIFI))
    assert bench.go().trouble == "file-faults"
    assert bench.profile.exists()


def test_a_partition_that_takes_nothing_is_a_fault_of_the_storage(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write(bench, "[wifi]\nssid = 'Desa'\nopen = true\n")

    def full(_path: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("provisioning.firstboot.errand.blank_boot_file", full)
    report = bench.go()
    assert (report.step, report.trouble) == ("storage", "not-written")


def test_where_nothing_was_left_the_last_report_stays(bench: Bench) -> None:
    assert bench.go() == Report("done")
    bench.nmcli.codes["up"] = 4
    bench.camera(HUB.text(wifi=WIFI))
    assert bench.go().step == "network"


def test_a_report_holds_no_secret(bench: Bench) -> None:
    _write(bench, "[wifi]\nssid = 'Desa Rahasia'\npsk = 'kunci'\nkunci-rahasia = 1\n")
    bench.go()
    told = (bench.home / "run/report.json").read_text()
    assert len(json.loads(told)["details"]) == 1
    for secret in ("Desa", "kunci-rahasia", "'kunci'"):
        assert secret not in told


def test_a_link_or_a_folder_in_the_place_of_a_card_is_none(bench: Bench) -> None:
    (bench.home / "secret").write_text(HUB.text(wifi=WIFI))
    (bench.home / "run/card").symlink_to(bench.home / "secret")
    (bench.home / "run/stick.card").mkdir()
    assert bench.go() == Report("done")
    assert bench.is_untouched()
