"""Whether the power supply is strong enough."""

from hardware.errors import BoardFault
from hardware.interfaces import Board
from kiosk.health.finding import Finding
from sync.wire.batch import State

_ADVICE = "replace the power supply and its cable"


class PowerCheck:
    """The value is 1 while the voltage is too low; one dip since the start is bad enough."""

    def __init__(self, board: Board) -> None:
        self._board = board

    def find(self) -> Finding:
        try:
            reading = self._board.read()
        except BoardFault as fault:
            return Finding("under_voltage", State.UNKNOWN, str(fault), fault.hint)
        if reading.under_voltage is None:
            return Finding("under_voltage", State.UNKNOWN, "this board does not measure its supply")
        if not reading.under_voltage:
            return Finding("under_voltage", State.OK, "the supply is strong enough", value=0)
        is_now = bool(reading.under_voltage_now)
        said = "the supply is too weak" + ("" if is_now else ", at times")
        return Finding("under_voltage", State.BAD, said, _ADVICE, int(is_now))
