"""The report on one page of A4, for whoever signs it."""

from collections.abc import Sequence
from datetime import UTC
from xml.sax.saxutils import escape

from provisioning.acceptance import words
from provisioning.acceptance.report import Report
from provisioning.acceptance.result import Figure, Outcome, Result
from provisioning.language import is_translated, said
from provisioning.paper.heading import MARGIN_MM, ROOM_MM, draw_heading
from provisioning.paper.pen import GREEN, INK, PALE, RED, SOFT, Face, Pen, height_of

_COLUMNS_MM = (62.0, 24.0, 100.0)
_TABLE_ENDS_MM = 246.0
_SIZES = (10.0, 9.5, 9.0, 8.5, 8.0, 7.5, 7.0, 6.5, 6.0, 5.5)
_PADDING_MM = 1.5
# What only a person can tell.
_WATCHED = frozenset({"lamp", "buzzer"})
_COLOURS = {Outcome.OK: GREEN, Outcome.BAD: RED, Outcome.SKIPPED: SOFT}


def draw_report(report: Report, language: str) -> bytes:
    """Return the PDF."""
    sheet = _Sheet(report, language)
    return sheet.draw()


class _Sheet:
    def __init__(self, report: Report, language: str) -> None:
        self._report = report
        self._language = language
        self._pen = Pen(f"Gapura – {self._said(words.TITLE)}", language)

    def draw(self) -> bytes:
        top = draw_heading(self._pen, self._said(words.TITLE), self._report.mark)
        top = self._facts(top + 6)
        self._table(top + 3)
        self._signing(_TABLE_ENDS_MM + 6)
        self._pen.next_page()
        return self._pen.finish()

    def _said(self, text: str) -> str:
        return said(text, self._language)

    def _facts(self, top: float) -> float:
        report = self._report
        at = report.made_at.astimezone(UTC)
        for name, value in (
            (words.BOARD, report.serial or "–"),
            (words.SOFTWARE, report.software),
            (words.TESTED, f"{at:%Y-%m-%d %H:%M} UTC"),
            (words.MARK, report.mark),
        ):
            self._pen.text((MARGIN_MM, top + 3), self._said(name), Face(9, SOFT))
            self._pen.text((MARGIN_MM + 48, top + 3), value, Face(9))
            top += 5
        bad = len(report.bad)
        verdict = words.FAILED if bad else words.PASSED
        told = self._said(verdict).format(count=bad, all=len(report.results))
        self._pen.text((MARGIN_MM, top + 6.5), told, Face(14, RED if bad else GREEN).bold())
        return top + 8

    def _table(self, top: float) -> None:
        """In letters as large as the page has room for."""
        size = next(
            (size for size in _SIZES if top + self._height(size) <= _TABLE_ENDS_MM), _SIZES[-1]
        )
        self._head(top, size)
        top += self._head_height(size)
        for number, result in enumerate(self._report.results):
            height = self._row_height(result, size)
            if number % 2 == 0:
                self._pen.box((MARGIN_MM, top), (ROOM_MM, height), fill=PALE)
            left = MARGIN_MM
            for cell, face, room in self._cells(result, size):
                below = (left + _PADDING_MM, top + _PADDING_MM)
                self._pen.paragraph(below, cell, face, room - 2 * _PADDING_MM)
                left += room
            top += height

    def _height(self, size: float) -> float:
        return self._head_height(size) + sum(
            self._row_height(result, size) for result in self._report.results
        )

    def _head_height(self, size: float) -> float:
        return Face(size).height_mm + 2 * _PADDING_MM

    def _head(self, top: float, size: float) -> None:
        left, base = MARGIN_MM + _PADDING_MM, top + _PADDING_MM + Face(size).height_mm * 0.8
        for title, room in zip(
            (words.PART, words.RESULT, words.MEASURED), _COLUMNS_MM, strict=True
        ):
            self._pen.text((left, base), self._said(title), Face(size, SOFT).bold())
            left += room
        below = top + self._head_height(size)
        self._pen.line([(MARGIN_MM, below), (MARGIN_MM + ROOM_MM, below)], SOFT)

    def _row_height(self, result: Result, size: float) -> float:
        heights = [
            height_of(cell, face, room - 2 * _PADDING_MM)
            for cell, face, room in self._cells(result, size)
        ]
        return max(heights) + 2 * _PADDING_MM

    def _cells(self, result: Result, size: float) -> Sequence[tuple[str, Face, float]]:
        title, tried = words.PARTS[result.part]
        part = f"<b>{self._said(title)}</b><br/>{self._said(tried)}"
        outcome = self._said(words.OUTCOMES[result.outcome])
        faces = Face(size), Face(size, _COLOURS[result.outcome]).bold(), Face(size)
        return list(zip((part, outcome, self._measured(result)), faces, _COLUMNS_MM, strict=True))

    def _measured(self, result: Result) -> str:
        told = escape(" · ".join(self._figure(figure) for figure in result.figures))
        if result.outcome is Outcome.OK:
            is_watched = bool(self._report.signed_by) and result.part in _WATCHED
            return told or (self._said(words.CONFIRMED) if is_watched else "–")
        if not result.advice:
            return told or self._said(words.NOT_NEEDED)
        advice = result.advice
        if not is_translated(advice, self._language):
            advice = words.SEE_THE_PROGRAM
        advice = f"<b>{escape(self._said(advice))}</b>"
        return f"{told}<br/>{advice}" if told else advice

    def _figure(self, figure: Figure) -> str:
        label, unit = words.FIGURES[figure.name]
        name = self._said(label) if label else ""
        return f"{name}: {self._number(figure.value)} {unit}".strip()

    def _number(self, value: float | int | bool | str) -> str:
        if isinstance(value, bool):
            return self._said(words.YES if value else words.NO)
        if isinstance(value, float) and self._language == "id":
            return str(value).replace(".", ",")
        return str(value)

    def _signing(self, top: float) -> None:
        who = self._report.signed_by or self._said(words.NOT_SIGNED)
        room = ROOM_MM / 2
        for place, (title, value) in enumerate(
            (
                (words.TECHNICIAN, who),
                (words.PLACE, ""),
                (words.SIGNATURE, ""),
                (words.DAY, ""),
            )
        ):
            down, across = divmod(place, 2)
            left, base = MARGIN_MM + across * room, top + 6 + down * 13
            width = self._pen.text((left, base), self._said(title), Face(9, SOFT))
            self._pen.text((left + width + 3, base), value, Face(11, INK).bold())
            self._pen.line([(left + width + 2, base + 1), (left + room - 6, base + 1)], SOFT)
        self._pen.paragraph((MARGIN_MM, top + 25), self._said(words.FOOT), Face(8, SOFT), ROOM_MM)
