"""The lamp drawn in the terminal; where the output is a file, a line for each caption."""

import os
import sys
from typing import TextIO

from hardware.errors import LampFault

_NAMES = {
    (False, False): "PADAM/OFF",
    (True, False): "MERAH/RED",
    (False, True): "HIJAU/GREEN",
    (True, True): "KUNING/AMBER",
}
# ECMA-48 section 8.3.117 (SGR): 31 red, 32 green, 33 yellow, 90 the usual bright black.
_RED, _GREEN, _AMBER, _DARK = 31, 32, 33, 90
_ERASE_LINE = "\r\x1b[2K"


class TerminalLamp:
    def __init__(self, *, stream: TextIO | None = None) -> None:
        self._stream = sys.stdout if stream is None else stream
        self._closed = False
        self._live = self._stream.isatty()
        self._caption: str | None = None
        self._printed = True

    def show(self, *, red: bool, green: bool, caption: str) -> None:
        self._check_open()
        plain = " ".join("".join(c if c.isprintable() else " " for c in caption).split())
        if self._live:
            self._write(_ERASE_LINE + _lights(red=red, green=green) + "  " + self._fitted(plain))
        else:
            self._note(plain, _NAMES[red, green], dark=not (red or green))

    def describe(self) -> str:
        self._check_open()
        return "lamp in the terminal" if self._live else "lamp in the output, a line for a caption"

    def close(self) -> None:
        if self._closed:
            return
        try:
            if self._live:
                self._write("\n")
            else:
                self._print_if_owed(_NAMES[False, False])
        except LampFault:
            # Nobody is reading any more: nothing is left to tell.
            pass
        finally:
            self._closed = True

    def _note(self, caption: str, name: str, *, dark: bool) -> None:
        if caption != self._caption:
            self._print_if_owed(_NAMES[False, False])
            self._caption, self._printed = caption, False
        # A rhythm may begin with its dark half, so the line waits for the colour.
        if not dark:
            self._print_if_owed(name)

    def _print_if_owed(self, name: str) -> None:
        if not self._printed:
            self._printed = True
            self._write(f"[{name}] {self._caption}".rstrip() + "\n")

    def _fitted(self, caption: str) -> str:
        # A caption that wraps could not be erased when the next comes.
        try:
            columns = os.get_terminal_size(self._stream.fileno()).columns
        except (OSError, ValueError):
            columns = 80
        return caption[: max(columns - 8, 1)]

    def _write(self, text: str) -> None:
        encoding = self._stream.encoding or "utf-8"
        try:
            self._stream.write(text.encode(encoding, "replace").decode(encoding))
            self._stream.flush()
        except (OSError, ValueError) as error:
            raise LampFault(
                f"the terminal is gone: {error}", hint="start the kiosk again in an open terminal"
            ) from error

    def _check_open(self) -> None:
        if self._closed:
            raise LampFault("the lamp is closed", hint="restart the kiosk")


def _lights(*, red: bool, green: bool) -> str:
    both = red and green
    left = (_AMBER if both else _RED) if red else _DARK
    right = (_AMBER if both else _GREEN) if green else _DARK
    return f"\x1b[{left}m{'●' if red else '○'}\x1b[0m \x1b[{right}m{'●' if green else '○'}\x1b[0m"
