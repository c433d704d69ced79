import io
import json
import re
import stat
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from django_otp.plugins.otp_totp.models import TOTPDevice

from kiosk.passes.reading import Pass as ReadPass
from kiosk.passes.reading import Trust
from kiosk.passes.recognition import read_pass
from sync.hub.__main__ import COMMANDS, main
from sync.hub.commands.create_user import PASSWORD_VARIABLE
from sync.hub.fleet.models import Office
from sync.hub.keyring import Keyring
from sync.hub.people.models import Pass, Subject
from sync.hub.people.visitors import register
from sync.hub.rules.models import Rulebook
from sync.hub.rules.publishing import DEFAULT, publish_default
from sync.hub.web.models import Operator
from sync.hub.web.roles import Role, roles_of
from sync.wire.card import open_card
from sync.wire.card_parts import split_card
from sync.wire.wifi import WiFi
from tests.sync.hub.conftest import NOW, PinnedClock
from tests.sync.hub.fake_door import a_place, an_enrolled_door, take
from tests.sync.hub.operators import an_operator, give_app

_NEW_DOOR = (
    *("create-card", "--new-door", "Pintu utara", "--site", "Mal Pelayanan Publik"),
    *("--office", "Dinas PMPTSP", "--direction", "entry"),
)


class Shell:
    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def run(self, *words: str) -> dict[str, Any]:
        """Run a command that must succeed, and return its JSON."""
        assert main([*words, "--json"]) == 0
        content = json.loads(self._capsys.readouterr().out)
        assert isinstance(content, dict)
        return content

    def fail(self, *words: str) -> tuple[int, str]:
        """Run a command that must not succeed, and return its exit code and message."""
        try:
            code = main(list(words))
        except SystemExit as stop:
            code = int(str(stop.code))
        return code, self._capsys.readouterr().err


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(capsys)


def test_a_pass_is_issued_read_and_revoked(shell: Shell, keyring: Keyring) -> None:
    """What the command prints is what the door reads."""
    issued = shell.run("issue-pass", "--type", "visitor", "--label", "Siti", "--days", "2")
    read = read_pass(issued["pass"].encode(), Trust(keyring.key_list))
    assert isinstance(read, ReadPass)
    assert read.claims.cti.hex() == issued["cti"]
    assert read.claims.expires_s - read.claims.not_before_s == 2 * 86400
    assert "Siti" not in json.dumps(issued)
    assert shell.run("revoke-pass", issued["cti"]) == {"revoked": [issued["cti"]], "already": []}
    assert shell.run("revoke-pass", issued["sub"])["already"] == [issued["cti"]]
    again = shell.run("issue-pass", "--type", "visitor", "--subject", issued["sub"], "--days", "1")
    assert again["sub"] == issued["sub"]


def test_a_pass_may_be_over_already(shell: Shell, tmp_path: Path) -> None:
    """For a rehearsal; its times are said with their offset."""
    begins, ends = NOW - timedelta(days=3), NOW - timedelta(days=2)
    qr = tmp_path / "pass.svg"
    qr.touch(0o644)
    issued = shell.run(
        *("issue-pass", "--type", "site_card", "--label", "Kartu 1", "--unit", "7"),
        *("--not-before", begins.isoformat(), "--expires", ends.isoformat(), "--qr", str(qr)),
    )
    assert (issued["expires"], issued["unit"]) == (ends.isoformat(), 7)
    assert qr.read_text().startswith("<?xml")
    assert stat.S_IMODE(qr.stat().st_mode) == 0o600


def test_a_card_enrols_a_new_door_and_one_that_exists(shell: Shell, tmp_path: Path) -> None:
    """The QR code is drawn too, where one is asked for."""
    made = shell.run(*_NEW_DOOR, "--qr", str(tmp_path / "card.png"))
    card, _ = open_card(made["card"], pinned_root=None)
    assert card.door.hex() == made["door"]
    assert card.hub_url == made["hub_url"] == "http://127.0.0.1:8000"
    drawn = made["qr"].split(", ")
    assert drawn == [str(tmp_path / f"card-{n + 1}.png") for n in range(len(made["parts"]))]
    for path in map(Path, drawn):
        assert path.read_bytes().startswith(b"\x89PNG")
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    url = "https://hub.example.go.id"
    again = shell.run("create-card", "--door", made["door"], "--hub-url", f"{url}/")
    assert (again["door"], again["hub_url"]) == (made["door"], url)
    assert again["card"] != made["card"]


def test_users_get_the_password_given_or_one_that_is_shown_once(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is no default account and no default password."""
    made = shell.run("create-user", "budi")
    assert Operator.objects.get(username="budi").check_password(made["password"])
    monkeypatch.setenv(PASSWORD_VARIABLE, "kata-sandi-dari-luar")
    made = shell.run("create-user", "siti")
    assert made == {"user": "siti", "role": "viewer", "password": None}
    monkeypatch.setattr("sys.stdin", io.StringIO("kata-sandi-dari-pipa\n"))
    shell.run("create-user", "agus", "--password-stdin")
    assert Operator.objects.get(username="agus").check_password("kata-sandi-dari-pipa")


def test_a_user_gets_the_role_and_office_given(shell: Shell) -> None:
    """At first and later; whoever has left or lost the phone is dealt with too."""
    Office.objects.create(name="Dinas Kesehatan", unit=7)
    shell.run("create-user", "budi", "--role", "technician", "--office", "Dinas Kesehatan")
    budi = Operator.objects.get(username="budi")
    assert roles_of(budi) == frozenset({Role.TECHNICIAN})
    assert budi.office_id is not None
    give_app(budi)
    told = shell.run(
        "change-user", "budi", "--role", "diskominfo", "--all-offices", "--forget-phone", "--unlock"
    )
    assert told == {"user": "budi", "roles": ["diskominfo"], "office": None, "active": True}
    assert not TOTPDevice.objects.exists()
    assert Operator.objects.get(username="budi").is_staff
    assert shell.run("change-user", "budi", "--stop")["active"] is False
    assert not roles_of(Operator.objects.get(username="budi"))
    assert shell.run("change-user", "budi", "--resume")["active"] is True
    assert "nobody" in shell.fail("change-user", "siti")[1]
    assert "no office" in shell.fail("change-user", "budi", "--office", "Dinas Laut")[1]
    assert "no office" in shell.fail("create-user", "agus", "--office", "Dinas Laut")[1]


def test_a_user_that_cannot_be_made_is_explained(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Taken, or with a password that is too weak: every reason at once."""
    shell.run("create-user", "budi")
    assert "already exists" in shell.fail("create-user", "budi")[1]
    monkeypatch.setenv(PASSWORD_VARIABLE, "password")
    code, text = shell.fail("create-user", "siti")
    assert code == 2
    assert "too short" in text
    assert "too common" in text
    assert Operator.objects.count() == 1


def test_a_rulebook_is_published_from_a_file(shell: Shell, tmp_path: Path) -> None:
    """All faults are shown, and a version must rise; after the first set-up somebody is named."""
    publish_default(NOW)
    path = tmp_path / "rules.json"
    path.write_text(json.dumps(json.loads(DEFAULT.read_text()) | {"version": 5}))
    assert shell.run("publish-rulebook", str(path))["version"] == 5
    code, text = shell.fail("publish-rulebook", str(path))
    assert (code, "--by" in text) == (2, True)
    an_operator(Role.VIEWER)
    assert "viewer: nobody" in shell.fail("publish-rulebook", str(path), "--by", "viewer")[1]
    by = ("--by", an_operator(Role.DISKOMINFO).username)
    assert "greater than 5" in shell.fail("publish-rulebook", str(path), *by)[1]
    path.write_text(path.read_text().replace('"version": 5', '"version": 6'))
    assert shell.run("publish-rulebook", str(path), *by)["version"] == 6
    assert Rulebook.objects.get(version=6).submitted_by is not None
    path.write_text("{}")
    code, text = shell.fail("publish-rulebook", str(path))
    assert code == 1
    assert "schema" in text
    assert "version" in text
    assert shell.fail("publish-rulebook", str(tmp_path / "nothing"))[0] == 2


def test_status_counts_what_arrived(shell: Shell, keyring: Keyring) -> None:
    """By this a script can tell that every visit is there exactly once."""
    door = an_enrolled_door(keyring)
    door.see(3)
    door.see(outcome=2, shown=2, reason=20)
    door.write(b"\xff")
    door.see()
    take(door.send(1, 5))
    take(door.send(1, 2))
    status = shell.run("status")
    (device,) = status["devices"]
    (epoch,) = device["epochs"]
    assert (status["visits"], status["entries"], status["rejected"]) == (4, 4, 1)
    assert status["outcomes"] == {"admit": 3, "deny": 1, "refer": 0}
    assert (status["repeats"], status["conflicts"]) == (2, 0)
    assert (epoch["acked_through"], epoch["newest_seq"], epoch["repeats"]) == (5, 6, 2)
    assert (device["status"], device["bundle_version"]) == ("active", 1)


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        ((), 2, "required"),
        (("dance",), 2, "invalid choice"),
        (("issue-pass", "--type", "visitor", "--label", "A"), 2, "either --days or --expires"),
        (("issue-pass", "--type", "king", "--label", "A", "--days", "1"), 2, "invalid choice"),
        (("issue-pass", "--type", "visitor", "--label", "A", "--days", "0"), 2, "from 1"),
        (("issue-pass", "--type", "visitor", "--label", "A", "--unit", "x"), 2, "65535"),
        (("issue-pass", "--type", "visitor", "--label", "A", "--expires", "x"), 2, "2026-01-05"),
        (
            ("issue-pass", "--type", "visitor", "--label", "A", "--expires", "2026-01-05"),
            2,
            "offset",
        ),
        (
            ("issue-pass", "--type", "visitor", "--label", "A", "--qr", "a.pdf"),
            2,
            r"\.svg or \.png",
        ),
        (("revoke-pass", "xyz"), 2, "16 hexadecimal"),
        (("revoke-pass", "abcd"), 2, "16 hexadecimal"),
        (("revoke-pass", "0" * 16), 2, "nothing was revoked"),
        (("create-card", "--door", "0" * 16), 2, "no such door"),
        (("create-card", "--new-door", "A"), 2, "--site, --office, --direction"),
        (("create-card", "--door", "0" * 16, "--hub-url", "hub"), 2, "address"),
        ((*_NEW_DOOR, "--timezone", "Mars/Base"), 2, "no such time zone"),
        ((*_NEW_DOOR, "--qr", "/nowhere/card.svg"), 2, "No such file"),
        ((*_NEW_DOOR, "--wifi", "x" * 33), 2, "ssid: must have 1 to 32"),
        ((*_NEW_DOOR, "--wifi", "a", "--country", "id"), 2, "two capital letters"),
        ((*_NEW_DOOR, "--hidden"), 2, "also needs --wifi"),
        ((*_NEW_DOOR, "--new-door", "a\x1b[2J"), 2, "no kiosk would take this card"),
        (("serve", "--port", "x"), 2, "from 0 to 65535"),
    ],
)
def test_a_wrong_order_is_explained(
    shell: Shell, words: tuple[str, ...], code: int, why: str
) -> None:
    """Whether it makes no sense or cannot be carried out: no traceback."""
    found, text = shell.fail(*words)
    assert (found, bool(re.search(why, text))) == (code, True), text


def test_a_wifi_goes_onto_the_card_and_nowhere_else(shell: Shell, tmp_path: Path) -> None:
    """The key comes from a file: a command's words are seen by every user of the machine."""
    key = tmp_path / "key"
    key.write_text("kunci $(rahasia)\r\n")
    words = ("--wifi", "Kantor", "--wifi-key-file", str(key), "--hidden", "--country", "MY")
    made = shell.run(*_NEW_DOOR, *words)
    card, _ = open_card(made["card"], pinned_root=None)
    assert card.wifi == WiFi("Kantor", "kunci $(rahasia)", hidden=True, country="MY")
    assert made["wifi"] == "Kantor"
    assert tuple(made["parts"]) == split_card(made["card"])
    assert "rahasia" not in str(made)
    key.write_text("pendek")
    found, text = shell.fail(*_NEW_DOOR, "--wifi", "Kantor", "--wifi-key-file", str(key))
    assert (found, "psk" in text, "pendek" in text) == (2, True, False)


def test_people_get_lines(capsys: pytest.CaptureFixture[str]) -> None:
    """The pass stands alone on the first line; below it what it takes to withdraw it."""
    assert main(["issue-pass", "--type", "officer", "--label", "Siti", "--days", "1"]) == 0
    text, _, *rest = capsys.readouterr().out.splitlines()
    assert text.startswith("GPS1:")
    cti = Pass.objects.get().cti.hex()
    for expected in (cti, "officer", "Siti", "2026-11-02", "2026-11-03"):
        assert expected in " ".join(rest)
    assert main(["status"]) == 0
    assert "visits: 0" in capsys.readouterr().out


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`--help` for the whole and for each."""
    with pytest.raises(SystemExit) as stop:
        main([command, "--help"])
    assert stop.value.code == 0
    assert f"gapura-hub {command}" in capsys.readouterr().out


def test_passes_are_listed_so_that_they_can_be_withdrawn(
    shell: Shell, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the holder's name, or a part of it."""
    made = [
        shell.run("issue-pass", "--type", "visitor", "--label", label, "--days", "2")
        for label in ("Siti Rahayu", "Budi")
    ]
    assert [row["cti"] for row in shell.run("list-passes")["passes"]] == [
        issued["cti"] for issued in made
    ]
    shell.run("revoke-pass", made[0]["cti"])
    (row,) = shell.run("list-passes", "--label", "rahayu")["passes"]
    assert (row["label"], row["type"], row["sub"]) == ("Siti Rahayu", "visitor", made[0]["sub"])
    assert (row["expires"], row["revoked"]) == (made[0]["expires"], NOW.isoformat())
    assert main(["list-passes"]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.endswith("Siti Rahayu  revoked")
    assert second.endswith(f"Budi  until {made[1]['expires']}")
    assert main(["list-passes", "--label", "nobody"]) == 0
    assert "No such pass" in capsys.readouterr().out


def test_a_card_says_what_comes_next(capsys: pytest.CaptureFixture[str]) -> None:
    """And warns where the hub's address is this machine's own."""
    assert main([*_NEW_DOOR]) == 0
    said = capsys.readouterr()
    for expected in ("Pintu utara", "http://127.0.0.1:8000", "to the kiosk's camera"):
        assert expected in said.out
    assert "a real kiosk cannot reach it" in said.err
    assert main([*_NEW_DOOR, "--hub-url", "https://hub.example.go.id"]) == 0
    assert not capsys.readouterr().err


def test_the_whole_says_its_version_and_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    """As the other programs do."""
    for option, expected in (
        ("--version", f"gapura {version('gapura')}"),
        ("--help", "Exit codes"),
    ):
        with pytest.raises(SystemExit) as stop:
            main([option])
        assert stop.value.code == 0
        assert expected in capsys.readouterr().out


def test_a_phone_link_is_made_for_somebody(shell: Shell, tmp_path: Path) -> None:
    """New, or known already; the code is that of the link."""
    words = ("create-phone-link", "--type", "officer", "--days", "30")
    drawn = tmp_path / "link.svg"
    made = shell.run(*words, "--label", "Siti", "--qr", str(drawn))
    assert re.fullmatch(r"http://127.0.0.1:8000/p/#link=[\w-]{22}", made["link"])
    assert stat.S_IMODE(drawn.stat().st_mode) == 0o600
    sub = Subject.objects.get().sub.hex()
    assert shell.run(*words, "--subject", sub)["link"] != made["link"]
    assert Subject.objects.count() == 1
    assert shell.fail(*words, "--subject", "00" * 8)[0] == 2
    for wrong in (("--days", "0"), ("--unit", "65536")):
        assert shell.fail(*words, "--label", "Siti", *wrong)[0] == 2


def test_visitors_names_are_forgotten(shell: Shell, keyring: Keyring, clock: PinnedClock) -> None:
    register(a_place(), "Budi", keyring, NOW)
    assert shell.run("forget-names") == {"erased": 0}
    clock.pass_by(timedelta(days=31))
    assert shell.run("forget-names") == {"erased": 1}
