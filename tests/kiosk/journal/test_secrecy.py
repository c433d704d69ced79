"""A card taken out of a switched-off kiosk tells nothing about anyone."""

from pathlib import Path

from kiosk.journal.sightings import Sighting
from sync.wire.visit import Direction, Visit
from tests.kiosk.enrolled import Enrolled

SUB, CTI = b"Sub-Budi", b"Cti-Budi"


def _visit() -> bytes:
    return Visit(
        outcome=1, shown=1, reason=0, direction=Direction.IN, format=1, rulebook=1,
        earliest_s=1_772_420_000, sub=SUB, cti=CTI, pass_type=1,
    ).to_bytes()  # fmt: skip


def _card(state_dir: Path) -> bytes:
    return b"".join(file.read_bytes() for file in state_dir.glob("journal.db*"))


def test_no_person_no_pass_and_no_run_key_lies_on_the_card(tmp_path: Path) -> None:
    kiosk = Enrolled(tmp_path)
    sighting = Sighting(Direction.IN)
    for _ in range(50):
        kiosk.record(_visit(), cti=CTI, sighting=sighting)
    kiosk.send()
    (run,) = kiosk.hub.runs
    secrets = {
        "subject": SUB,
        "pass": CTI,
        "run key": run.open_key(kiosk.hub.sealing_key),
        "body": _visit(),
        "signing key": kiosk.keys.signing.private_bytes_raw(),
        "sealing key": kiosk.keys.sealing.private_bytes_raw(),
    }
    while_running = _card(tmp_path)
    kiosk.journal.close()
    for card in (while_running, _card(tmp_path)):
        assert [name for name, secret in secrets.items() if secret in card] == []
        for name, secret in secrets.items():
            assert secret.hex().encode() not in card, name
    # The search itself can find: what is meant to be readable is there.
    assert bytes(kiosk.keys.device) in while_running


def test_a_batch_on_its_way_tells_no_more(tmp_path: Path) -> None:
    kiosk = Enrolled(tmp_path)
    kiosk.record(_visit(), cti=CTI, sighting=Sighting(Direction.IN))
    message = kiosk.fetch()
    assert SUB not in message
    assert CTI not in message
    kiosk.journal.close()


def test_a_visit_and_a_refusal_have_one_length(tmp_path: Path) -> None:
    kiosk = Enrolled(tmp_path)
    refusal = Visit(
        outcome=2, shown=2, reason=1, direction=Direction.IN, format=0, rulebook=0,
        earliest_s=1_772_420_000,
    )  # fmt: skip
    kiosk.record(_visit())
    kiosk.record(refusal.to_bytes())
    admitted, refused = kiosk.batch().entries
    assert len(admitted.sealed) == len(refused.sealed)
    kiosk.journal.close()
