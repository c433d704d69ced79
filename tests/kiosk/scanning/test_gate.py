"""A still scene is passed over; anything that moves, or is in view, is decoded."""

import numpy as np

from hardware.interfaces import Frame, GreyImage
from kiosk.scanning.gate import LINGER_MS, PATROL_MS, MotionGate
from tests.kiosk.scanning.renders import blank

STILL = blank(480, 640)


def _with_phone() -> GreyImage:
    scene = STILL.copy()
    scene[100:300, 200:320] = 30
    return scene


def _asleep(gate: MotionGate) -> int:
    """Show a still scene for longer than the gate lingers, and say what time it is then."""
    for boot_ms in range(0, 2 * LINGER_MS, 50):
        gate.opens(Frame(STILL, boot_ms))
    return 2 * LINGER_MS


def test_the_first_frame_is_decoded() -> None:
    assert MotionGate().opens(Frame(STILL, 0))


def test_a_still_scene_is_passed_over() -> None:
    gate = MotionGate(patrol_ms=1_000_000)
    opened = [boot_ms for boot_ms in range(0, 60_000, 66) if gate.opens(Frame(STILL, boot_ms))]
    assert max(opened) <= LINGER_MS


def test_sensor_noise_is_no_movement() -> None:
    gate = MotionGate(patrol_ms=1_000_000)
    chance = np.random.default_rng(7)
    for boot_ms in range(0, 10_000, 66):
        noisy = STILL + chance.normal(0, 12, STILL.shape).clip(-40, 40)
        opens = gate.opens(Frame(noisy.clip(0, 255).astype(np.uint8), boot_ms))
    assert not opens


def test_a_phone_coming_in_opens_the_gate_for_a_while() -> None:
    gate = MotionGate(patrol_ms=1_000_000)
    now_ms = _asleep(gate)
    assert not gate.opens(Frame(STILL, now_ms))
    assert gate.opens(Frame(_with_phone(), now_ms + 50))
    assert gate.motion > 0.035
    assert gate.opens(Frame(_with_phone(), now_ms + 2_000))
    assert not gate.opens(Frame(_with_phone(), now_ms + 60_000))


def test_a_hand_that_creeps_in_is_seen() -> None:
    gate = MotionGate(patrol_ms=1_000_000)
    now_ms = _asleep(gate)
    opened = False
    for step in range(1, 40):
        scene = STILL.copy()
        scene[:, : step * 2] = 30
        opened = opened or gate.opens(Frame(scene, now_ms + step * 50))
    assert opened


def test_it_stays_open_while_a_code_is_in_view() -> None:
    gate = MotionGate(patrol_ms=1_000_000)
    for boot_ms in range(0, 60_000, 100):
        assert gate.opens(Frame(STILL, boot_ms))
        gate.keep_open(boot_ms)


def test_a_still_scene_is_looked_at_now_and_then() -> None:
    gate = MotionGate()
    now_ms = _asleep(gate)
    times = range(now_ms, now_ms + 20_000, 100)
    opened = sum(gate.opens(Frame(STILL, boot_ms)) for boot_ms in times)
    assert 20_000 // PATROL_MS - 1 <= opened <= 20_000 // PATROL_MS + 1


def test_an_empty_frame_is_no_movement() -> None:
    gate = MotionGate()
    gate.opens(Frame(blank(0, 0), 0))
    assert gate.motion == 0.0
