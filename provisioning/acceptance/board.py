"""Temperature, power supply, and what tells this board from others."""

from hardware.interfaces import Board, BoardReading
from provisioning.acceptance.result import Figure, Outcome, Result
from provisioning.language import mark as _

# A Raspberry Pi slows its processor down from 80 °C on (raspberrypi.com, "Frequency management
# and thermal control"); what reaches that on a bench has nothing left for a noon in the sun.
_HOTTEST_C = 80.0


def try_board(board: Board) -> Result:
    """Raises BoardFault."""
    reading, serial = board.read(), board.serial()
    said = f"{board.describe()}: {_heat(reading)}, {_power(reading)}, serial {serial or 'none'}"
    figures = _figures(reading, serial)
    for wrong, advice in _faults(reading, serial):
        return Result("board", Outcome.BAD, f"{wrong}; {said}", advice, figures)
    return Result("board", Outcome.OK, said, figures=figures)


def _faults(reading: BoardReading, serial: str) -> list[tuple[str, str]]:
    found = []
    if reading.under_voltage:
        found.append(
            (
                "the voltage is too low",
                _("use the power supply and cable that the board's maker sells"),
            )
        )
    if reading.temperature_c is not None and reading.temperature_c >= _HOTTEST_C:
        found.append(("the board is too hot", _("fit a heat sink, and let air reach it")))
    if not serial:
        found.append(
            ("the board has no serial", _("a copied card could not be told: check [board] driver"))
        )
    return found


def _heat(reading: BoardReading) -> str:
    known = reading.temperature_c
    return "no temperature sensor" if known is None else f"{known:.1f} °C"


def _power(reading: BoardReading) -> str:
    if reading.under_voltage is None:
        return "no voltage sensor"
    return "voltage too low" if reading.under_voltage else "voltage good"


def _figures(reading: BoardReading, serial: str) -> tuple[Figure, ...]:
    known = [Figure("serial", serial)]
    if reading.temperature_c is not None:
        known.append(Figure("temperature_c", reading.temperature_c))
    if reading.under_voltage is not None:
        known.append(Figure("under_voltage", reading.under_voltage))
    return tuple(known)
