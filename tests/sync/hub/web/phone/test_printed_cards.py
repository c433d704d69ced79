"""What the door makes of a card that was printed: its own decoders, its own judgement."""

import io
from datetime import timedelta

import numpy as np
import numpy.typing as npt
import pypdfium2
import pytest

from kiosk.admission.verdict import Outcome
from kiosk.passes.claims import PassType
from kiosk.passes.reason import Reason
from kiosk.scanning.ladder import Ladder
from kiosk.scanning.rungs import DEFAULT_RUNGS, build_rungs
from sync.hub.keyring import Keyring
from sync.hub.people.cards import Card, Wanted, cards_of, issue_cards, passes_in_file
from sync.hub.people.issuing import Order
from sync.hub.people.models import Subject
from sync.hub.people.revocation import revoke
from sync.hub.web.models import Operator
from sync.hub.web.phone.card_drawing import Slip, draw_cards, draw_slips
from sync.hub.web.phone.printable import is_printed_whole, printable
from sync.hub.web.phone.sheet import ACROSS, CARD_HEIGHT, CARD_WIDTH, DOWN
from tests.sync.hub.browser.at_the_door import judged, reference_of
from tests.sync.hub.conftest import NOW
from tests.sync.hub.fake_door import an_enrolled_door

_A4_POINTS = (595.3, 841.9)
# 144 dots an inch, as a camera sees a card at a hand's length: four dots a module.
_SCALE = 2.0
_MONTH = timedelta(days=30)


def cards(keyring: Keyring, kinds: list[PassType]) -> list[Card]:
    wanted = Wanted(Operator.objects.create_user("budi"), "kartu baru")
    orders = []
    for number, kind in enumerate(kinds):
        subject = Subject.objects.create(
            sub=b"sub%05d" % number, label=f"Ni Luh Putu Ayu {number}", created_at=NOW
        )
        order = Order(kind, "", NOW - timedelta(minutes=10), NOW + _MONTH, 0, subject.sub)
        orders.append((order, subject))
    printing = issue_cards(orders, wanted, keyring, NOW)
    return cards_of(passes_in_file(printing, 1), keyring, NOW)


def pieces_of(drawn: bytes) -> list[npt.NDArray[np.uint8]]:
    """Return each card as it is cut out, row after row."""
    cut = []
    with pypdfium2.PdfDocument(io.BytesIO(drawn)) as document:
        for page in document:
            assert page.get_size() == pytest.approx(_A4_POINTS, abs=0.5)
            grey = np.asarray(page.render(scale=_SCALE).to_pil().convert("L"))
            wide, high = CARD_WIDTH * _SCALE, CARD_HEIGHT * _SCALE
            left = (grey.shape[1] - ACROSS * wide) / 2
            top = (grey.shape[0] - DOWN * high) / 2
            for place in range(ACROSS * DOWN):
                down, across = divmod(place, ACROSS)
                y, x = int(top + down * high), int(left + across * wide)
                cut.append(grey[y : y + int(high), x : x + int(wide)])
    return cut


def codes_in(picture: npt.NDArray[np.uint8]) -> list[bytes]:
    reading = Ladder(build_rungs(DEFAULT_RUNGS)).climb(np.ascontiguousarray(picture))
    return [code.payload for code in reading.codes]


def test_every_card_is_read_and_judged_at_the_door(keyring: Keyring) -> None:
    """Twelve cards on two sheets: a day pass is admitted, an employee goes to the officer."""
    door = an_enrolled_door(keyring)
    kinds = [PassType.VISITOR, PassType.EMPLOYEE, PassType.SITE_CARD] * 4
    wanted = cards(keyring, kinds)
    pieces = pieces_of(draw_cards(wanted))
    assert len(pieces) == 20
    reference = reference_of(door, keyring)
    verdicts = []
    for card, piece in zip(wanted, pieces, strict=False):
        assert codes_in(piece) == [card.text.encode()]
        verdict = judged(card.text.encode(), reference, NOW)
        verdicts.append((verdict.outcome, verdict.reason))
    admitted, referred = (Outcome.ADMIT, Reason.ALLOWED), (Outcome.REFER, Reason.RULE_REFERS)
    assert verdicts == [admitted, referred, referred] * 4
    assert all(codes_in(piece) == [] for piece in pieces[12:])
    revoke([wanted[0].cti], NOW)
    later = judged(wanted[0].text.encode(), reference_of(door, keyring), NOW)
    assert (later.outcome, later.reason) == (Outcome.DENY, Reason.REVOKED)


def test_every_slip_opens_its_link() -> None:
    urls = [f"https://hub.example.go.id/p/#link={number:022}" for number in range(11)]
    slips = [Slip(url, "Siti Rahayu", "Dinas Kesehatan", NOW + _MONTH) for url in urls]
    found = [code for piece in pieces_of(draw_slips(slips)) for code in codes_in(piece)]
    assert found == [url.encode() for url in urls]


def test_a_card_speaks_both_languages(keyring: Keyring) -> None:
    with pypdfium2.PdfDocument(
        io.BytesIO(draw_cards(cards(keyring, [PassType.EMPLOYEE])))
    ) as document:
        text = document[0].get_textpage().get_text_range()
    for words in (
        "Ni Luh Putu Ayu 0",
        "Pegawai · Employee",
        "2 Des 2026",
        "2 Dec 2026",
        "Hilang? Lapor",
        "Lost? Tell",
    ):
        assert words in text


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Dr. H. Nur'aini, S.Kom., M.T.", "Dr. H. Nur'aini, S.Kom., M.T."),
        ("José Çelik", "José Çelik"),
        ("Śākya ḍarma", "Sakya darma"),
        ("Jose\u0301", "José"),
        ("Si\u200bti\u202e\u2066", "Siti"),
        ("\x00a\nb", " a b"),
        ("ꦱ司", "??"),
        ("\ud83d", ""),
        ("½ﬁ", "½fi"),
    ],
)
def test_what_the_font_lacks(name: str, shown: str) -> None:
    """Marks are left off Latin letters; of other scripts a question mark is left."""
    assert printable(name) == shown
    assert is_printed_whole(name) == (name == shown)


@pytest.mark.parametrize("name", ["", "x" * 200, "W " * 100, "<b>A & B</b>", "بوابة", "\u202e\x00"])
def test_any_name_leaves_the_code_free(keyring: Keyring, name: str) -> None:
    """However long it is, the code beside it is still read."""
    (card,) = cards(keyring, [PassType.VISITOR])
    odd = Card(card.text, name, card.kind, name, card.expires, card.cti)
    assert codes_in(pieces_of(draw_cards([odd]))[0]) == [card.text.encode()]
