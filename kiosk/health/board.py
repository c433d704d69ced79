"""Whether the board is too hot."""

from hardware.errors import BoardFault
from hardware.interfaces import Board
from kiosk.health.finding import Finding
from sync.wire.batch import State

HOT_C = 80.0


class BoardCheck:
    def __init__(self, board: Board) -> None:
        self._board = board

    def find(self) -> Finding:
        try:
            reading = self._board.read()
        except BoardFault as fault:
            return Finding("temperature_c", State.UNKNOWN, str(fault), fault.hint)
        if reading.temperature_c is None:
            return Finding("temperature_c", State.UNKNOWN, "this board has no thermometer")
        said = f"{reading.temperature_c:.0f} °C"
        value = round(reading.temperature_c)
        if reading.temperature_c >= HOT_C:
            return Finding("temperature_c", State.BAD, said, "move the kiosk out of the sun", value)
        return Finding("temperature_c", State.OK, said, value=value)
