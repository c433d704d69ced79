"""The two pages, in one language."""

from collections.abc import Sequence
from importlib.metadata import version

from kiosk.config import Configuration
from kiosk.signalling.cue import CUES, Signal
from kiosk.signalling.words import caption
from provisioning.firstboot.words import STATES
from provisioning.handbook import words
from provisioning.handbook.header import GROUND, Part, Wire, wires_of
from provisioning.handbook.layout import Box, note, row_height, section, steps, table
from provisioning.handbook.rhythm import HEIGHT_MM as RHYTHM_MM
from provisioning.handbook.rhythm import draw_rhythm
from provisioning.handbook.wiring import Labels, draw_wiring
from provisioning.language import said
from provisioning.paper.heading import MARGIN_MM, ROOM_MM, draw_heading
from provisioning.paper.pen import PALE, SOFT, Face, Pen

LIGHTS = (
    *(Signal.READY, Signal.FAULT_CONFIGURATION, Signal.FAULT_NETWORK, Signal.FAULT_HUB),
    *(Signal.FAULT_CLOCK, Signal.FAULT_CAMERA, Signal.FAULT_STORAGE, Signal.OUT_OF_ORDER),
    *(Signal.CARD_PART, Signal.CARD_TAKEN, Signal.STICK_BUSY, Signal.STICK_DONE),
    *(Signal.STICK_FULL, Signal.STICK_READ_ONLY, Signal.STICK_FAULT, Signal.OFF),
)
"""Every light that is a technician's and no visitor's."""
_HALF_MM = (ROOM_MM - 7) / 2
_PARTS_MM = (36.0, ROOM_MM - 36.0)
_PINS_MM = (42.0, 34.0, _HALF_MM - 76.0)
_LIGHTS_MM = (46.0, 62.0, ROOM_MM - 108.0)
_SMALL, _SECOND, _LIGHT = Face(8.2), Face(8.6), Face(8)


def draw_handbook(configuration: Configuration, language: str) -> bytes:
    """Return the PDF.

    Raises:
        CannotDraw: the configuration names pins that cannot be wired.
    """
    return _Handbook(configuration, language).draw()


class _Handbook:
    def __init__(self, configuration: Configuration, language: str) -> None:
        self._configuration = configuration
        self._wires = wires_of(configuration)
        self._language = language
        self._pen = Pen(f"Gapura – {self._said(words.TITLE)}", language)

    def draw(self) -> bytes:
        for number, page in ((1, self._build), (2, self._run)):
            beside = self._said(words.PAGE).format(number=number)
            told = f"gapura {version('gapura')} · {beside}"
            top = draw_heading(self._pen, self._said(words.TITLE), told)
            page(Box(MARGIN_MM, top + 4, ROOM_MM))
            self._pen.next_page()
        return self._pen.finish()

    def _said(self, text: str) -> str:
        return said(text, self._language)

    def _all(self, texts: Sequence[str]) -> list[str]:
        return [self._said(text) for text in texts]

    def _build(self, box: Box) -> None:
        """Page 1: parts, wiring, memory card."""
        pen = self._pen
        box = section(pen, box, self._said(words.PARTS_TITLE))
        rows = [self._all(row) for row in (words.PARTS_HEAD, *words.PARTS)]
        box = table(pen, box, rows, _PARTS_MM).below(4)
        box = section(pen, box, self._said(words.WIRING_TITLE))
        box = draw_wiring(pen, box, self._wires, self._labels()).below(4)
        left, right = self._halves(box)
        left = section(pen, left, self._said(words.PINS_TITLE))
        left = table(pen, left, self._pins(), _PINS_MM, _SMALL)
        note(pen, left.below(2), self._said(words.PINS_NOTE), _SMALL)
        right = section(pen, right, self._said(words.FLASHING_TITLE))
        steps(pen, right, self._all(words.FLASHING))

    def _run(self, box: Box) -> None:
        """Page 2: the door, the stick, the lights."""
        pen = self._pen
        left, right = self._halves(box)
        left = section(pen, left, self._said(words.DOOR_TITLE))
        left = steps(pen, left, self._all(words.DOOR), _SECOND)
        right = section(pen, right, self._said(words.STICK_TITLE))
        right = steps(pen, right, self._all(words.STICK), _SECOND)
        right = note(pen, right.below(1), self._said(words.STICK_NOTE), _SECOND)
        box = Box(MARGIN_MM, max(left.top, right.top) + 3, ROOM_MM)
        box = section(pen, box, self._said(words.LIGHTS_TITLE))
        box = self._lights(box).below(2)
        box = section(pen, box, self._said(words.LAST_TITLE))
        height = pen.paragraph((box.left, box.top), self._said(words.LAST), _SECOND, ROOM_MM)
        base = box.top + height + 7
        wide = pen.text((box.left, base), self._said(words.CALL), _SECOND)
        pen.line([(box.left + wide + 2, base + 1), (box.left + box.room, base + 1)], SOFT)

    def _halves(self, box: Box) -> tuple[Box, Box]:
        right = box.left + ROOM_MM - _HALF_MM
        return Box(box.left, box.top, _HALF_MM), Box(right, box.top, _HALF_MM)

    def _labels(self) -> Labels:
        parts = {
            part: (self._said(name), self._said(how)) for part, (name, how) in words.NAMES.items()
        }
        return Labels(self._said(words.HEADER), self._said(words.GROUND), parts)

    def _pins(self) -> list[list[str]]:
        rows = [[self._what(wire), wire.name, str(wire.pin)] for wire in self._wires]
        ground = self._said(words.GROUND).partition(":")[2].strip()
        return [self._all(words.PINS_HEAD), *rows, [GROUND, ground, "39 …"]]

    def _what(self, wire: Wire) -> str:
        name = " ".join((self._said(words.NAMES[wire.part][0]), wire.terminal)).strip()
        section, driver = self._driver(wire.part)
        if driver != "absent":
            return name
        told = self._said(words.NOT_FITTED).format(driver=driver, section=section)
        return f"{name}<br/><font size='7'>{told}</font>"

    def _driver(self, part: Part) -> tuple[str, str]:
        found = self._configuration
        return {
            Part.RED: ("lamp", found.lamp.driver),
            Part.GREEN: ("lamp", found.lamp.driver),
            Part.BUZZER: ("buzzer", found.buzzer.driver),
            Part.BUTTON: ("button", found.button.driver),
            Part.CLOCK: ("", ""),
        }[part]

    def _lights(self, box: Box) -> Box:
        pen = self._pen
        left = box.left
        for title, room in zip(words.LIGHTS_HEAD, _LIGHTS_MM, strict=True):
            pen.text((left + 1, box.top + 2.6), self._said(title), Face(8, SOFT).bold())
            left += room
        box = box.below(4)
        for number, light in enumerate(LIGHTS):
            box = self._light(box, light, is_shaded=number % 2 == 0)
        pen.text((box.left + 1, box.top + 3.4), self._said(words.LIGHTS_KEY), Face(7.5, SOFT))
        return box.below(5)

    def _light(self, box: Box, light: Signal, *, is_shaded: bool) -> Box:
        row = [caption(light, None, (self._language,)), self._to_do(light)]
        height = max(row_height(row, _LIGHTS_MM[1:], _LIGHT), RHYTHM_MM + 1.4)
        if is_shaded:
            self._pen.box((box.left, box.top), (ROOM_MM, height), fill=PALE)
        middle = box.top + (height - RHYTHM_MM) / 2
        draw_rhythm(self._pen, (box.left + 1, middle), _LIGHTS_MM[0] - 4, CUES[light])
        left = box.left + _LIGHTS_MM[0]
        for cell, room in zip(row, _LIGHTS_MM[1:], strict=True):
            self._pen.paragraph((left + 1, box.top + 1.1), cell, _LIGHT, room - 2.2)
            left += room
        return box.below(height)

    def _to_do(self, light: Signal) -> str:
        """As `kiosk-status.txt` says it, where that says it."""
        return self._said(STATES.get(light.value) or words.TO_DO[light])
