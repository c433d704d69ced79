"""Steps, tables and notes stand one below the other, and each says where the next may begin."""

import pytest

from provisioning.handbook.layout import BODY, Box, note, row_height, section, steps, table
from provisioning.paper.pen import Pen
from tests.provisioning.printed import pages_of

BOX = Box(20, 30, 100)


def _text(pen: Pen) -> str:
    pen.next_page()
    (page,) = pages_of(pen.finish())
    return page.text


def test_steps_are_numbered_and_stand_below_each_other() -> None:
    pen = Pen("test", "id")
    one, two = steps(pen, BOX, ["satu"]), steps(pen, BOX.below(50), ["satu", "dua " * 80])
    assert (one.left, one.room) == (BOX.left, BOX.room)
    assert one.top - BOX.top < two.top - BOX.top - 50
    assert _text(pen).startswith("1 satu 1 satu 2 dua dua")


def test_a_tables_first_row_is_its_head() -> None:
    pen = Pen("test", "id")
    rows = [["Apa", "Pin"], ["Lampu", "11"], ["Bel yang panjang sekali namanya", "12"]]
    below = table(pen, BOX, rows, (30, 20))
    body = sum(row_height(row, (30, 20)) for row in rows[1:])
    assert below.top == pytest.approx(BOX.top + BODY.height_mm + 2 + body)
    assert _text(pen) == "Apa Pin Lampu 11 Bel yang panjang sekali namanya 12"


def test_rows_of_another_length_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="zip"):
        table(Pen("test", "id"), BOX, [["Apa", "Pin"], ["Lampu"]], (30, 20))


def test_a_section_and_a_note_leave_room_for_what_follows() -> None:
    pen = Pen("test", "id")
    begins = section(pen, BOX, "Pengabelan")
    ends = note(pen, begins, "jangan dicabut")
    assert BOX.top < begins.top < ends.top
    assert _text(pen) == "Pengabelan jangan dicabut"
