from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.passes.claims import PassType
from kiosk.passes.reading import Pass as ReadPass
from kiosk.passes.reading import Trust
from kiosk.passes.recognition import read_pass
from sync.hub.errors import CannotIssue, Hindrance
from sync.hub.fleet.models import Site
from sync.hub.keyring import Keyring
from sync.hub.people import cards
from sync.hub.people.cards import (
    PRINTABLE_FOR,
    Wanted,
    cards_of,
    files_of,
    issue_cards,
    passes_in_file,
)
from sync.hub.people.finding import People, find_people
from sync.hub.people.issuing import Order
from sync.hub.people.issuing_many import Terms, make_links, orders_for
from sync.hub.people.models import Pass, PhoneLink, Printing, RevokedKey, SiteCard, Subject
from sync.hub.people.reissuing import reissue_card, reissue_on_phone, renew_phone
from sync.hub.people.revocation import revoked_octets
from sync.hub.people.site_cards import Stock, issue_stock
from sync.hub.web.models import Operator
from tests.sync.hub.conftest import NOW
from tests.sync.hub.fake_door import a_place

_MONTH = timedelta(days=30)
_ORDER = Order(PassType.EMPLOYEE, "", NOW, NOW + _MONTH, unit=7, doors=0b101, days=0b0011111)


@pytest.fixture
def wanted() -> Wanted:
    return Wanted(Operator.objects.create_user("budi"), "kartu pegawai baru")


def people(count: int) -> list[Subject]:
    return [
        Subject.objects.create(sub=b"sub%05d" % number, label=f"Orang {number}", created_at=NOW)
        for number in range(count)
    ]


def some(count: int, order: Order = _ORDER) -> list[tuple[Order, Subject]]:
    return [(replace(order, sub=one.sub), one) for one in people(count)]


def hindrance(caught: pytest.ExceptionInfo[CannotIssue]) -> Hindrance:
    return caught.value.why


def test_a_card_reads_at_the_door_as_it_was_issued(keyring: Keyring, wanted: Wanted) -> None:
    """Its text is the same each time it is made, and is kept nowhere."""
    printing = issue_cards(some(2), wanted, keyring, NOW)
    passes = passes_in_file(printing, 1)
    drawn = cards_of(passes, keyring, NOW)
    assert drawn == cards_of(passes, keyring, NOW + timedelta(hours=1))
    for card, row in zip(drawn, passes, strict=True):
        read = read_pass(card.text.encode(), Trust(keyring.key_list))
        assert isinstance(read, ReadPass)
        assert (read.claims.cti, read.claims.sub) == (row.cti, row.subject.sub)
        assert (read.claims.doors, read.claims.days, read.claims.unit) == (0b101, 0b0011111, 7)
        assert read.claims.expires_s == int(_ORDER.expires.timestamp())
    assert [card.label for card in drawn] == ["Orang 0", "Orang 1"]


def test_many_cards_come_in_files(
    keyring: Keyring, wanted: Wanted, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each card in one of them; what is too many for one order is refused whole."""
    monkeypatch.setattr(cards, "CARDS_A_FILE", 3)
    monkeypatch.setattr(cards, "MOST_CARDS", 7)
    orders = some(8)
    with pytest.raises(CannotIssue) as caught:
        issue_cards(orders, wanted, keyring, NOW)
    assert (hindrance(caught), caught.value.most) == (Hindrance.TOO_MANY, 7)
    assert not Printing.objects.exists()
    printing = issue_cards(orders[:7], wanted, keyring, NOW)
    assert files_of(printing) == [3, 3, 1]
    found = [one.pk for number in (1, 2, 3) for one in passes_in_file(printing, number)]
    assert sorted(found) == sorted(printing.passes.values_list("pk", flat=True))


def test_no_card_for_nobody_or_an_officer(keyring: Keyring, wanted: Wanted) -> None:
    """Whoever copied an officer's card would be the officer, and tell doors the time."""
    officer = replace(_ORDER, pass_type=PassType.OFFICER)
    for orders, why in ([], Hindrance.NOBODY), (some(1, officer), Hindrance.OFFICERS_CARD):
        with pytest.raises(CannotIssue) as caught:
            issue_cards(orders, wanted, keyring, NOW)
        assert hindrance(caught) is why
    assert not Pass.objects.exists()


def test_a_card_is_drawn_for_a_day(keyring: Keyring, wanted: Wanted) -> None:
    """Then it is issued anew; a withdrawn one is not drawn at all."""
    printing = issue_cards(some(2), wanted, keyring, NOW)
    first = passes_in_file(printing, 1)[0]
    Pass.objects.filter(pk=first.pk).update(revoked_at=NOW)
    passes = passes_in_file(printing, 1)
    assert [card.label for card in cards_of(passes, keyring, NOW + PRINTABLE_FOR)] == ["Orang 1"]
    with pytest.raises(CannotIssue) as caught:
        cards_of(passes, keyring, NOW + PRINTABLE_FOR + timedelta(seconds=1))
    assert hindrance(caught) is Hindrance.PRINTED
    Pass.objects.update(kid=b"earlier!")
    with pytest.raises(CannotIssue) as caught:
        cards_of(passes_in_file(printing, 1), keyring, NOW)
    assert hindrance(caught) is Hindrance.KEY_CHANGED


def test_a_stock_goes_on_counting(keyring: Keyring, wanted: Wanted) -> None:
    """A number names one card of its site for ever; another site has its own."""
    site = a_place().site
    stock = Stock(site, 2, NOW, NOW + _MONTH, site.office.unit)
    issue_stock(stock, wanted, keyring, NOW)
    printing = issue_stock(stock, wanted, keyring, NOW)
    drawn = cards_of(passes_in_file(printing, 1), keyring, NOW)
    assert [card.label for card in drawn] == ["Kartu tamu 003", "Kartu tamu 004"]
    assert {card.place for card in drawn} == {site.name}
    assert {card.kind for card in drawn} == {PassType.SITE_CARD}
    other = Site.objects.create(office=site.office, name="Pantai")
    issue_stock(replace(stock, site=other), wanted, keyring, NOW)
    assert list(SiteCard.objects.filter(site=other).values_list("number", flat=True)) == [1, 2]


def test_a_lost_card_is_issued_again_once(keyring: Keyring, wanted: Wanted) -> None:
    """The old one ends in the same moment; a second press does nothing."""
    old = issue_cards(some(1), wanted, keyring, NOW).passes.get()
    later = NOW + timedelta(days=1)
    new = reissue_card(old.pk, wanted, keyring, later).passes.get()
    assert new.cti != old.cti
    assert (new.replaces, new.subject, new.expires) == (old, old.subject, old.expires)
    assert (new.pass_type, new.unit, new.doors, new.days) == (3, 7, 0b101, 0b0011111)
    assert revoked_octets(later) == old.cti
    with pytest.raises(CannotIssue) as caught:
        reissue_card(old.pk, wanted, keyring, later)
    assert hindrance(caught) is Hindrance.REPLACED
    with pytest.raises(CannotIssue) as caught:
        reissue_on_phone(new.pk, keyring, new.expires)
    assert hindrance(caught) is Hindrance.OVER
    assert Pass.objects.count() == 2


def test_what_cannot_be_issued_again_is_not_revoked(keyring: Keyring, wanted: Wanted) -> None:
    """All or nothing: nobody stands there without any pass."""
    old = issue_cards(some(1), wanted, keyring, NOW).passes.get()
    Pass.objects.update(pass_type=PassType.OFFICER)
    with pytest.raises(CannotIssue):
        reissue_card(old.pk, wanted, keyring, NOW)
    assert revoked_octets(NOW) == b""


def test_a_card_becomes_a_pass_on_a_phone(keyring: Keyring, wanted: Wanted) -> None:
    """With the same doors and days."""
    old = issue_cards(some(1), wanted, keyring, NOW).passes.get()
    renewed = reissue_on_phone(old.pk, keyring, NOW)
    link = PhoneLink.objects.get()
    assert (link.doors, link.days, link.unit, link.expires) == (0b101, 0b0011111, 7, old.expires)
    assert renewed.subject == old.subject
    assert revoked_octets(NOW) == old.cti


def test_a_new_phone_gets_what_the_old_one_had(keyring: Keyring) -> None:
    """Else what is usual for somebody of that work."""
    (somebody,) = people(1)
    assert renew_phone(somebody, keyring, NOW).expires == NOW + timedelta(days=180)
    PhoneLink.objects.update(expires=NOW + _MONTH, unit=7)
    assert renew_phone(somebody, keyring, NOW).expires == NOW + _MONTH
    newest = PhoneLink.objects.order_by("-pk")[0]
    assert (newest.unit, newest.pass_type) == (7, PassType.VISITOR)
    assert PhoneLink.objects.filter(ended_at__isnull=True).count() == 1


def test_who_has_what_is_ordered_is_left_out(keyring: Keyring, wanted: Wanted) -> None:
    """Not one whose pass has ended, was withdrawn, or hangs on a key that was."""
    issue_cards(some(4), wanted, keyring, NOW)
    terms = Terms(PassType.EMPLOYEE, 30)
    rows = list(Pass.objects.order_by("pk"))
    Pass.objects.filter(pk=rows[1].pk).update(expires=NOW - _MONTH)
    Pass.objects.filter(pk=rows[2].pk).update(revoked_at=NOW)
    Pass.objects.filter(pk=rows[3].pk).update(kid=b"earlier!")
    RevokedKey.objects.create(kid=b"earlier!", revoked_at=NOW)

    def left() -> list[str]:
        orders = orders_for(find_people(People(name="Orang")), terms, keyring, NOW)
        return [subject.label for _order, subject in orders]

    assert left() == ["Orang 1", "Orang 2", "Orang 3"]
    make_links([(replace(_ORDER, sub=rows[1].subject.sub), rows[1].subject)], keyring, NOW, _MONTH)
    assert left() == ["Orang 2", "Orang 3"]
