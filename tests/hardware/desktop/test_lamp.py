"""In a terminal the lamp is one line drawn anew; in a file it is a line for each caption."""

import io

import pytest

from hardware.desktop.lamp import TerminalLamp
from hardware.errors import LampFault


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_file_gets_a_line_for_a_caption_not_for_a_blink() -> None:
    out = io.StringIO()
    lamp = TerminalLamp(stream=out)
    for lit in (True, False, True, False):
        lamp.show(red=False, green=lit, caption="Silakan masuk")
    # This rhythm begins with its dark half.
    for lit in (False, True, False):
        lamp.show(red=lit, green=lit, caption="Minta bantuan petugas")
    lamp.show(red=True, green=False, caption="Tidak berlaku")
    lamp.show(red=False, green=False, caption="Mati")
    lamp.close()
    assert out.getvalue().splitlines() == [
        "[HIJAU/GREEN] Silakan masuk",
        "[KUNING/AMBER] Minta bantuan petugas",
        "[MERAH/RED] Tidak berlaku",
        "[PADAM/OFF] Mati",
    ]


def test_a_terminal_shows_amber_for_both_in_one_line() -> None:
    out = Terminal()
    lamp = TerminalLamp(stream=out)
    lamp.show(red=True, green=True, caption="a\nb\x1b[2J")
    shown = out.getvalue()
    assert shown.startswith("\r\x1b[2K")
    assert shown.count("\x1b[33m●") == 2
    assert "\n" not in shown
    assert shown.endswith("a b [2J")
    lamp.show(red=True, green=False, caption="x" * 500)
    assert "\x1b[31m●" in out.getvalue()
    assert out.getvalue().count("x") == 72
    lamp.close()
    assert out.getvalue().endswith("\n")


@pytest.mark.parametrize("terminal", [False, True])
def test_a_closed_stream_is_a_fault_and_closing_is_not(*, terminal: bool) -> None:
    out = Terminal() if terminal else io.StringIO()
    lamp = TerminalLamp(stream=out)
    lamp.show(red=False, green=False, caption="Siap")
    out.close()
    with pytest.raises(LampFault) as caught:
        lamp.show(red=True, green=False, caption="Tidak")
    assert "terminal" in caught.value.hint
    lamp.close()


def test_an_ascii_terminal_gets_what_it_can_show() -> None:
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding="ascii")
    lamp = TerminalLamp(stream=out)
    lamp.show(red=False, green=True, caption="Selamat é")
    assert raw.getvalue() == b"[HIJAU/GREEN] Selamat ?\n"
