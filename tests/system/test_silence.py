"""No name, identifier, pass or key: in no log, not in the journal's file, not with the courier."""

from pathlib import Path

from demo_hub import DemoHub
from demo_kiosk import DemoKiosk

from tests.system.waiting import has_recorded

NAME = "Ni Luh Rahasia Sekali"


def test_nothing_about_a_person_can_be_read_outside_the_hub(
    hub: DemoHub, enrolled: DemoKiosk, tmp_path: Path
) -> None:
    issued = hub.issue("--type", "visitor", "--label", NAME, "--days", "1")
    stranger = "https://example.org/not-a-pass?name=Rahasia"
    for number, payload in enumerate((issued["pass"], stranger), 1):
        enrolled.show(payload, for_ms=2000)
        assert enrolled.wait_for(has_recorded(number), 20)
        enrolled.wait_until_the_stage_is_empty()
    assert enrolled.wait_for(lambda status: status["backlog"] == 0, 30)
    secrets = {
        NAME.encode(),
        b"Rahasia",
        issued["pass"].encode(),
        issued["pass"][5:60].encode(),
        stranger.encode(),
        *(form for name in ("cti", "sub") for form in forms(issued[name])),
    }
    key = (tmp_path / "kiosk/state/door.key").read_bytes()
    looked_at = [
        *(tmp_path / "kiosk").glob("*.log"),
        tmp_path / "hub/serve.log",
        *(tmp_path / "kiosk/state").glob("journal.db*"),
        *(path for path in (tmp_path / "kiosk/courier").rglob("*") if path.is_file()),
        *(tmp_path / "kiosk/run").glob("*.json"),
    ]
    assert len(looked_at) >= 6
    for path in looked_at:
        content = path.read_bytes()
        found = [secret for secret in secrets if secret in content]
        assert not found, f"{path.name} holds {found}"
        for half in (key[:32], key[32:]):
            assert half not in content
            assert half.hex().encode() not in content


def forms(hexadecimal: str) -> set[bytes]:
    """The bytes themselves, and how a log would print them."""
    raw = bytes.fromhex(hexadecimal)
    return {raw, hexadecimal.encode(), repr(raw).encode()}
