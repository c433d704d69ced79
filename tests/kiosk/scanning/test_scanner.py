"""What the door is told of each frame: new visits, held codes, and nothing of a still scene."""

import numpy as np

from hardware.interfaces import Frame
from kiosk.scanning.gate import MotionGate
from kiosk.scanning.ladder import Ladder
from kiosk.scanning.repeats import Repeats
from kiosk.scanning.rungs import build_rungs
from kiosk.scanning.scanner import Scan, Scanner
from tests.kiosk.scanning.renders import blank, placed, render

EMPTY = blank(480, 640)
ANI = placed(render(b"GPS1:ANI", scale=5), 480, 640, 100, 100)
BUDI = placed(render(b"GPS1:BUDI", scale=5), 480, 640, 150, 120)


def _scanner() -> Scanner:
    return Scanner(Ladder(build_rungs(["zxing", "zbar-half"])), MotionGate(), Repeats())


def _payloads(scan: Scan) -> tuple[list[bytes], list[bytes], list[bytes]]:
    new, held, again = (
        [code.payload for code in codes] for codes in (scan.new, scan.held, scan.again)
    )
    return new, held, again


def test_one_visit_from_arriving_to_leaving() -> None:
    scanner = _scanner()
    scanner.scan(Frame(EMPTY, 0))
    assert _payloads(scanner.scan(Frame(ANI, 100))) == ([b"GPS1:ANI"], [], [])
    for boot_ms in range(200, 60_000, 200):
        assert _payloads(scanner.scan(Frame(ANI, boot_ms))) == ([], [b"GPS1:ANI"], [])
    assert _payloads(scanner.scan(Frame(EMPTY, 60_100))) == ([], [], [])
    assert _payloads(scanner.scan(Frame(ANI, 65_000))) == ([], [], [b"GPS1:ANI"])


def test_two_people_one_after_the_other_are_two_visits() -> None:
    scanner = _scanner()
    assert _payloads(scanner.scan(Frame(ANI, 0)))[0] == [b"GPS1:ANI"]
    assert _payloads(scanner.scan(Frame(BUDI, 500)))[0] == [b"GPS1:BUDI"]


def test_two_codes_in_one_frame_are_two() -> None:
    both = np.hstack([ANI, BUDI])
    assert len(_scanner().scan(Frame(both, 0)).new) == 2


def test_the_same_code_twice_in_one_frame_is_one() -> None:
    scan = _scanner().scan(Frame(np.hstack([ANI, ANI]), 0))
    assert _payloads(scan) == ([b"GPS1:ANI"], [], [])


def test_a_still_scene_is_not_decoded() -> None:
    scanner = _scanner()
    scans = [scanner.scan(Frame(EMPTY, boot_ms)) for boot_ms in range(0, 30_000, 100)]
    assert scans[0].decoded
    assert sum(scan.decoded for scan in scans[100:]) < 15
    assert not any(scan.decode_ms for scan in scans if not scan.decoded)
    scanner.close()
