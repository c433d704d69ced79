"""What a Raspberry Pi says about itself in the device tree and in sysfs."""

from pathlib import Path

from hardware.errors import BoardFault
from hardware.interfaces import BoardReading


class RaspberryBoard:
    def __init__(self, *, root: Path = Path("/")) -> None:
        self._root = root
        self._closed = False
        self._under_voltage_seen = False

    def serial(self) -> str:
        """Return the board's serial and the SD card's CID, joined by a dash.

        A card moved to another board, or cloned to another card, thus has another serial.
        """
        self._check_open()
        board = self._text(self._root / "proc/device-tree/serial-number")
        card = self._text(self._root / "sys/block/mmcblk0/device/cid")
        return "-".join(part for part in (board, card) if part)

    def read(self) -> BoardReading:
        self._check_open()
        alarm = self._alarm()
        return BoardReading(
            temperature_c=self._temperature_c(),
            under_voltage=self._under_voltage(alarm),
            under_voltage_now=None if alarm is None else alarm != 0,
        )

    def describe(self) -> str:
        self._check_open()
        return self._text(self._root / "proc/device-tree/model") or "Raspberry Pi"

    def close(self) -> None:
        self._closed = True

    def _temperature_c(self) -> float | None:
        milli = self._number(self._root / "sys/class/thermal/thermal_zone0/temp")
        return None if milli is None else milli / 1000

    def _under_voltage(self, alarm: int | None) -> bool | None:
        if alarm is None:
            return None
        # The kernel clears the firmware's history every 2 s: a dip between two readings would
        # be forgotten if we did not remember each one that we saw.
        self._under_voltage_seen = self._under_voltage_seen or alarm != 0
        return self._under_voltage_seen

    def _alarm(self) -> int | None:
        for chip in sorted((self._root / "sys/class/hwmon").glob("hwmon*")):
            if self._text(chip / "name") == "rpi_volt":
                return self._number(chip / "in0_lcrit_alarm")
        return None

    def _number(self, path: Path) -> int | None:
        text = self._text(path)
        if not text:
            return None
        try:
            return int(text)
        except ValueError as error:
            raise BoardFault(f"{path} holds no number", hint="reboot the kiosk") from error

    def _text(self, path: Path) -> str:
        try:
            # The device tree ends its strings with a NUL.
            return path.read_text(encoding="ascii", errors="replace").strip("\0 \n")
        except FileNotFoundError:
            return ""
        except OSError as error:
            raise BoardFault(
                f"{path} cannot be read: {error.strerror}",
                hint="check the service's sandbox, then reboot the kiosk",
            ) from error

    def _check_open(self) -> None:
        if self._closed:
            raise BoardFault("the board is closed", hint="restart the kiosk")
