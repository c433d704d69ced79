"""From a frame to the codes that are new in it: what the door asks once a frame."""

from dataclasses import dataclass

from hardware.interfaces import Frame
from kiosk.scanning.code import Code
from kiosk.scanning.gate import MotionGate
from kiosk.scanning.ladder import Decoder
from kiosk.scanning.repeats import Repeats, Sighting


@dataclass(frozen=True, slots=True)
class Scan:
    """What one frame brought.

    `new` codes are visits to decide on. `held` ones are still in view; `again` ones came back
    within one visit. `motion` is the share of the picture that changed, 0 to 1; `decoded` is False
    where a still scene was passed over; `decode_ms` is what decoding cost.
    """

    new: tuple[Code, ...]
    held: tuple[Code, ...]
    again: tuple[Code, ...]
    motion: float
    decoded: bool
    decode_ms: float


class Scanner:
    def __init__(self, decoder: Decoder, gate: MotionGate, repeats: Repeats) -> None:
        self._decoder = decoder
        self._gate = gate
        self._repeats = repeats

    def scan(self, frame: Frame) -> Scan:
        if not self._gate.opens(frame):
            return Scan((), (), (), self._gate.motion, decoded=False, decode_ms=0.0)
        reading = self._decoder.look(frame.grey)
        if reading.codes:
            self._gate.keep_open(frame.boot_ms)
        seen = self._sort(reading.codes, frame.boot_ms)
        return Scan(
            new=tuple(seen[Sighting.FIRST]),
            held=tuple(seen[Sighting.HELD]),
            again=tuple(seen[Sighting.AGAIN]),
            motion=self._gate.motion,
            decoded=True,
            decode_ms=reading.decode_ms,
        )

    def close(self) -> None:
        self._decoder.close()

    def _sort(self, codes: tuple[Code, ...], boot_ms: int) -> dict[Sighting, list[Code]]:
        seen: dict[Sighting, list[Code]] = {sighting: [] for sighting in Sighting}
        by_payload = {code.payload: code for code in codes}
        for payload, code in by_payload.items():
            seen[self._repeats.sight(payload, boot_ms)].append(code)
        return seen
