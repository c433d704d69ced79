"""A kiosk joins the first hub whose card it is shown, and believes that hub alone from then on."""

import logging
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import base45
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_mock import MockerFixture

from kiosk.errors import JournalFault, ReferenceFault
from kiosk.journal.database import open_database, scalar
from kiosk.journal.door_keys import make_keys
from kiosk.journal.entries import Note
from kiosk.journal.journal import Journal
from kiosk.reference import shelf
from kiosk.standing import CardResult, Stage, Standing
from sync.wire.card import PREFIX
from sync.wire.enrolment import open_request
from sync.wire.entry import Kind, WallClock
from sync.wire.errors import CannotOpen
from sync.wire.keys import HubKey, KeyList, Purpose, open_key_list, sign_key_list
from tests.kiosk.hub import DOOR, NOW_S, Hub
from tests.kiosk.joining import BOARD, Kiosk


def _record(kiosk: Kiosk) -> int:
    moment = kiosk.clock.moment()
    return kiosk.journal.record(Note(Kind.EVENT, b"x", moment, WallClock.UNSET))


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[Kiosk]:
    kiosk = Kiosk(tmp_path)
    yield kiosk
    kiosk.journal.close()


def _files(kiosk: Kiosk) -> set[str]:
    return {file.name for file in kiosk.state_dir.iterdir()} - {"journal.db-wal", "journal.db-shm"}


def test_an_identical_card_for_all_doors_belongs_to_nobody(kiosk: Kiosk) -> None:
    assert kiosk.standing.stage is Stage.UNKNOWN
    assert kiosk.standing.membership is None
    assert _files(kiosk) == {"journal.db"}
    with pytest.raises(ReferenceFault, match="no hub"):
        kiosk.standing.enrolment_request()
    with pytest.raises(ReferenceFault, match="no hub"):
        kiosk.standing.hub_keys()


def test_a_card_makes_keys_and_a_request_that_the_hub_alone_can_read(kiosk: Kiosk) -> None:
    assert kiosk.standing.show_card(kiosk.hub.card()) is CardResult.TAKEN
    assert kiosk.standing.stage is Stage.ASKING
    mode = stat.S_IMODE((kiosk.state_dir / "door.key").stat().st_mode)
    assert mode == 0o600
    message = kiosk.standing.enrolment_request()
    request = open_request(message, kiosk.hub.sealing_key)
    assert (request.token, request.door, request.hardware) == (b"token-of-16bytes", DOOR, BOARD)
    assert request.device == kiosk.keys.device
    with pytest.raises(CannotOpen):
        open_request(message, Hub().sealing_key)
    assert _record(kiosk) == 1


def test_asking_goes_on_after_a_restart(kiosk: Kiosk) -> None:
    kiosk.standing.show_card(kiosk.hub.card())
    _record(kiosk)
    kiosk.restart()
    assert kiosk.standing.stage is Stage.ASKING
    assert _record(kiosk) == 2


def test_the_same_card_again_changes_nothing(kiosk: Kiosk) -> None:
    kiosk.standing.show_card(kiosk.hub.card())
    before = (kiosk.state_dir / "door.key").read_bytes()
    assert kiosk.standing.show_card(kiosk.hub.card()) is CardResult.NOT_NEEDED
    assert (kiosk.state_dir / "door.key").read_bytes() == before


def test_a_second_card_before_the_answer_begins_anew_with_other_keys(kiosk: Kiosk) -> None:
    kiosk.standing.show_card(kiosk.hub.card())
    first = kiosk.standing.membership
    assert kiosk.standing.show_card(kiosk.hub.card(token=b"another token 16")) is CardResult.TAKEN
    second = kiosk.standing.membership
    assert first is not None
    assert second is not None
    assert first.device != second.device
    assert _record(kiosk) == 1
    kiosk.restart()
    assert kiosk.standing.membership == second


def test_an_enrolled_kiosk_takes_no_other_hubs_card(kiosk: Kiosk) -> None:
    kiosk.standing.show_card(kiosk.hub.card())
    kiosk.give_bundle()
    for restarted in (False, True):
        if restarted:
            kiosk.restart()
        before = kiosk.standing.membership
        assert kiosk.standing.show_card(Hub().card()) is CardResult.REFUSED
        assert kiosk.standing.membership == before


def test_a_changed_card_is_refused_and_leaves_no_trace(
    kiosk: Kiosk, caplog: pytest.LogCaptureFixture
) -> None:
    message = bytearray(base45.b45decode(kiosk.hub.card().removeprefix(PREFIX)))
    message[60] ^= 1
    forged = PREFIX + base45.b45encode(bytes(message)).decode()
    with caplog.at_level(logging.DEBUG):
        assert kiosk.standing.show_card(forged) is CardResult.REFUSED
    assert forged[:20] not in caplog.text
    assert kiosk.standing.stage is Stage.UNKNOWN
    assert _files(kiosk) == {"journal.db"}


def test_a_card_signed_by_somebody_else_is_refused(kiosk: Kiosk) -> None:
    other = Hub()
    card = kiosk.hub.card(key_list=other.signed_keys())
    assert kiosk.standing.show_card(card) is CardResult.REFUSED


def test_a_card_whose_time_is_certainly_over_is_refused(kiosk: Kiosk) -> None:
    """Only what is known of the time counts: a clock that is merely set proves nothing."""
    kiosk.clock.wall_ms += 30 * 86_400_000
    card = kiosk.hub.card()
    kiosk.journal.took_bundle((0, 0), (NOW_S + 86_400) * 1000 + 1)
    assert kiosk.standing.show_card(card) is CardResult.REFUSED
    assert kiosk.standing.stage is Stage.UNKNOWN


def test_a_card_is_good_to_its_last_second(kiosk: Kiosk) -> None:
    kiosk.clock.wall_ms += 30 * 86_400_000
    kiosk.journal.took_bundle((0, 0), (NOW_S + 86_400) * 1000)
    assert kiosk.standing.show_card(kiosk.hub.card()) is CardResult.TAKEN


@pytest.mark.parametrize("lacking", [Purpose.SEALING, Purpose.RECOVERY])
def test_a_card_without_keys_to_seal_to_is_refused_before_anything_is_kept(
    kiosk: Kiosk, lacking: Purpose
) -> None:
    """Anybody can make a hub of his own and hold its card up: it must not stop the door."""
    card = kiosk.hub.card(key_list=kiosk.hub.signed_keys(without=lacking))
    assert kiosk.standing.show_card(card) is CardResult.REFUSED
    assert _files(kiosk) == {"journal.db"}
    kiosk.restart()
    assert kiosk.standing.stage is Stage.UNKNOWN


@pytest.mark.parametrize("weak", [Purpose.SEALING, Purpose.RECOVERY])
def test_a_card_with_a_key_that_nothing_can_be_sealed_to_is_refused(
    kiosk: Kiosk, weak: Purpose
) -> None:
    """All zeros is a point of small order: X25519 refuses to agree on anything with it."""
    good = open_key_list(kiosk.hub.signed_keys(without=weak), kiosk.hub.root_public)
    zero = HubKey(weak, bytes(32), 0, 2**40)
    key_list = sign_key_list(KeyList(1, (*good.keys, zero)), kiosk.hub.root)
    card = kiosk.hub.card(key_list=key_list)
    assert kiosk.standing.show_card(card) is CardResult.REFUSED
    kiosk.restart()
    assert kiosk.standing.stage is Stage.UNKNOWN


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.text(max_size=80), st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")))
def test_no_text_raises(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    kiosk = _SHARED.setdefault("kiosk", Kiosk(tmp_path_factory.mktemp("fuzz")))
    assert kiosk.standing.show_card(PREFIX + text) is CardResult.REFUSED


_SHARED: dict[str, Kiosk] = {}


def test_a_card_that_cannot_be_kept_is_a_fault_of_the_journal(
    kiosk: Kiosk, mocker: MockerFixture
) -> None:
    mocker.patch("os.fsync", side_effect=OSError(28, "No space left on device"))
    with pytest.raises(JournalFault, match="No space left"):
        kiosk.standing.show_card(kiosk.hub.card())
    assert kiosk.standing.stage is Stage.UNKNOWN


def test_a_power_cut_between_keys_and_membership_asks_for_the_card_again(kiosk: Kiosk) -> None:
    """The keys are new, the journal knows none or others: neither half is used."""
    kiosk.journal.close()
    (kiosk.state_dir / "door.key").write_bytes(b"k" * 64)
    kiosk.start()
    assert kiosk.standing.stage is Stage.UNKNOWN
    assert kiosk.standing.show_card(kiosk.hub.card()) is CardResult.TAKEN
    kiosk.journal.close()
    (kiosk.state_dir / "door.key").write_bytes(b"q" * 64)
    kiosk.start()
    assert kiosk.standing.stage is Stage.UNKNOWN
    assert kiosk.standing.show_card(kiosk.hub.card()) is CardResult.TAKEN
    assert _record(kiosk) == 1


def test_a_damaged_key_file_is_a_fault(kiosk: Kiosk) -> None:
    kiosk.standing.show_card(kiosk.hub.card())
    (kiosk.state_dir / "door.key").write_bytes(b"short")
    kiosk.journal.close()
    with pytest.raises(JournalFault, match=r"door\.key"):
        kiosk.start()
    kiosk.journal.close()


def test_a_bundle_is_in_force_at_once_and_after_a_restart(kiosk: Kiosk) -> None:
    kiosk.standing.show_card(kiosk.hub.card())
    kiosk.give_bundle(version=3)
    assert kiosk.standing.stage is Stage.ENROLLED
    kiosk.restart()
    assert kiosk.standing.stage is Stage.ENROLLED
    assert kiosk.standing.reference is not None
    assert kiosk.standing.reference.version == 3
    floor_ms = kiosk.journal.now(kiosk.clock.moment()).earliest_ms
    assert floor_ms == kiosk.standing.reference.issued_at_ms


def test_versions_only_rise(kiosk: Kiosk) -> None:
    kiosk.standing.show_card(kiosk.hub.card())
    kiosk.give_bundle(version=3)
    kiosk.give_bundle(version=3)
    with pytest.raises(ReferenceFault, match="older"):
        kiosk.give_bundle(version=2)
    assert kiosk.standing.reference is not None
    assert kiosk.standing.reference.version == 3


def test_bundles_of_others_are_refused(kiosk: Kiosk) -> None:
    kiosk.standing.show_card(kiosk.hub.card())
    with pytest.raises(ReferenceFault, match="seal does not open"):
        kiosk.standing.take_bundle(kiosk.hub.bundle(make_keys()))
    with pytest.raises(ReferenceFault, match="another root"):
        kiosk.give_bundle(hub=Hub())
    with pytest.raises(ReferenceFault):
        kiosk.standing.take_bundle(b"junk")
    assert kiosk.standing.stage is Stage.ASKING
    assert not (kiosk.state_dir / "reference.db").exists()


def test_a_bundle_that_cannot_be_built_leaves_the_old_one_in_force(
    kiosk: Kiosk, mocker: MockerFixture
) -> None:
    kiosk.standing.show_card(kiosk.hub.card())
    kiosk.give_bundle(version=1)
    mocker.patch("kiosk.standing.publish", side_effect=ReferenceFault("full", hint="-"))
    with pytest.raises(ReferenceFault):
        kiosk.give_bundle(version=2)
    mocker.stopall()
    for restarted in (False, True):
        if restarted:
            kiosk.restart()
        assert kiosk.standing.reference is not None
        assert kiosk.standing.reference.version == 1


def test_a_reference_put_back_from_an_old_copy_counts_as_none(kiosk: Kiosk) -> None:
    kiosk.standing.show_card(kiosk.hub.card())
    kiosk.give_bundle(version=1)
    old = (kiosk.state_dir / "reference.db").read_bytes()
    kiosk.give_bundle(version=2)
    kiosk.journal.close()
    (kiosk.state_dir / "reference.db").write_bytes(old)
    kiosk.start()
    assert kiosk.standing.stage is Stage.ENROLLED
    assert kiosk.standing.reference is None
    kiosk.give_bundle(version=2)
    assert kiosk.standing.reference is not None


@pytest.mark.parametrize("tampered", ["changed", "missing"])
def test_a_tampered_reference_counts_as_none_and_the_kiosk_stays_enrolled(
    kiosk: Kiosk, tampered: str
) -> None:
    kiosk.standing.show_card(kiosk.hub.card())
    kiosk.give_bundle()
    path = kiosk.state_dir / "reference.db"
    signed = shelf.take_down(path)
    assert signed is not None
    path.unlink()
    if tampered == "changed":
        shelf.publish(signed[:-1] + bytes([signed[-1] ^ 1]), path)
    kiosk.restart()
    assert kiosk.standing.stage is Stage.ENROLLED
    assert kiosk.standing.reference is None
    assert kiosk.standing.hub_keys() == kiosk.hub.keys


def test_a_look_changes_nothing(kiosk: Kiosk) -> None:
    kiosk.standing.show_card(kiosk.hub.card())
    kiosk.journal.close()
    journal = Journal(kiosk.state_dir / "journal.db")
    standing = Standing.look(kiosk.state_dir, journal, kiosk.clock.moment)
    assert standing.stage is Stage.ASKING
    journal.close()
    connection = open_database(kiosk.state_dir / "journal.db")
    assert scalar(connection, "SELECT count(*) FROM run") == 1
    connection.close()
    kiosk.start()


def test_keys_in_a_bundle_replace_those_of_the_card(kiosk: Kiosk) -> None:
    kiosk.standing.show_card(kiosk.hub.card())
    before = kiosk.standing.hub_keys()
    kiosk.hub.receipt_key = Hub().receipt_key
    kiosk.give_bundle()
    assert kiosk.standing.hub_keys() == kiosk.hub.keys
    assert kiosk.standing.hub_keys() != replace(before)


def _floor_ms(kiosk: Kiosk) -> int:
    return kiosk.journal.now(kiosk.clock.moment()).earliest_ms


@pytest.fixture
def enrolled(kiosk: Kiosk) -> Kiosk:
    kiosk.standing.show_card(kiosk.hub.card())
    kiosk.give_bundle()
    return kiosk


def test_a_time_card_of_our_hub_raises_the_floor_and_no_more(enrolled: Kiosk) -> None:
    """It says which time has passed; how much later it is, it cannot say."""
    later_s = NOW_S + 86_400
    assert enrolled.standing.show_card(enrolled.hub.time_card(later_s)) is CardResult.TAKEN
    known = enrolled.journal.now(enrolled.clock.moment())
    assert (known.earliest_ms, known.latest_ms) == (later_s * 1000, None)
    enrolled.restart()
    assert _floor_ms(enrolled) == later_s * 1000


def test_an_older_time_card_lowers_nothing(enrolled: Kiosk) -> None:
    before = _floor_ms(enrolled)
    assert (
        enrolled.standing.show_card(enrolled.hub.time_card(NOW_S - 86_400)) is CardResult.NOT_NEEDED
    )
    assert _floor_ms(enrolled) == before


def test_no_time_card_is_an_entry(enrolled: Kiosk) -> None:
    backlog = enrolled.journal.backlog()
    enrolled.standing.show_card(enrolled.hub.time_card(NOW_S + 60))
    assert enrolled.journal.backlog() == backlog


def test_only_this_hub_says_which_time_has_passed(enrolled: Kiosk) -> None:
    before = _floor_ms(enrolled)
    hub, later_s = enrolled.hub, NOW_S + 86_400
    good = bytearray(base45.b45decode(hub.time_card(later_s).removeprefix(PREFIX)))
    good[-1] ^= 1
    for text in (
        Hub().time_card(later_s),
        hub.time_card(later_s, key=hub.pass_key),
        hub.time_card(later_s, key=hub.receipt_key),
        hub.time_card(NOW_S + 10 * 365 * 86_400),
        PREFIX + base45.b45encode(bytes(good)).decode(),
        PREFIX,
        PREFIX + "é",
        hub.card(),
    ):
        assert enrolled.standing.show_card(text) is CardResult.REFUSED
        assert _floor_ms(enrolled) == before


def test_a_time_card_makes_no_kiosk_a_doors(kiosk: Kiosk) -> None:
    assert kiosk.standing.show_card(kiosk.hub.time_card(NOW_S)) is CardResult.REFUSED
    assert kiosk.standing.stage is Stage.UNKNOWN
    kiosk.standing.show_card(kiosk.hub.card())
    assert kiosk.standing.show_card(kiosk.hub.time_card(NOW_S + 9)) is CardResult.REFUSED
    assert _floor_ms(kiosk) == 0


def test_the_door_does_not_wait_for_a_bundle_that_is_being_published(kiosk: Kiosk) -> None:
    """Publishing may take a minute: a card that is shown meanwhile is not taken, and not lost."""
    card = kiosk.hub.card()
    with kiosk.standing._changing:
        assert kiosk.standing.show_card(card) is CardResult.NOT_NEEDED
    assert kiosk.standing.stage is Stage.UNKNOWN
    assert kiosk.standing.show_card(card) is CardResult.TAKEN


def test_a_kiosk_whose_journal_is_destroyed_is_still_the_same_door(kiosk: Kiosk) -> None:
    """Nobody has to come with a card, and no bundle older than the last one is taken."""
    kiosk.standing.show_card(kiosk.hub.card())
    kiosk.give_bundle(version=3)
    old = kiosk.hub.bundle(kiosk.keys, version=2)
    device = kiosk.keys.device
    kiosk.journal.close()
    (kiosk.state_dir / "journal.db").write_bytes(b"noise" * 5000)
    kiosk.start()
    assert kiosk.standing.stage is Stage.ENROLLED
    assert kiosk.keys.device == device
    assert kiosk.standing.reference is not None
    assert _record(kiosk) == 1
    with pytest.raises(ReferenceFault, match="older"):
        kiosk.standing.take_bundle(old)


def test_a_membership_that_cannot_be_kept_is_a_fault(kiosk: Kiosk, mocker: MockerFixture) -> None:
    mocker.patch("kiosk.standing.write_whole", side_effect=OSError(28, "no space left"))
    with pytest.raises(JournalFault, match="no space left"):
        kiosk.standing.show_card(kiosk.hub.card())
    mocker.stopall()
    assert kiosk.standing.show_card(kiosk.hub.card()) is CardResult.TAKEN


LATER_TOKEN = b"another token 16"


def test_a_newer_card_tells_an_enrolled_kiosk_where_its_hub_is_now(enrolled: Kiosk) -> None:
    """Keys, door and journal stay: not a visit is sent anew, and nobody has to approve anything."""
    _record(enrolled)
    before = enrolled.standing.membership
    assert before is not None
    text = enrolled.hub.card(token=LATER_TOKEN, hub_url="https://baru.go.id", issued_at_s=NOW_S + 9)
    assert enrolled.standing.show_card(text) is CardResult.TAKEN
    expected = replace(before, hub_url="https://baru.go.id")
    for _ in range(2):
        assert enrolled.standing.stage is Stage.ENROLLED
        assert enrolled.standing.membership == expected
        assert _floor_ms(enrolled) >= (NOW_S + 9) * 1000
        # A photograph of the card, and the one before it, lead nowhere.
        assert enrolled.standing.show_card(text) is CardResult.REFUSED
        assert enrolled.standing.show_card(enrolled.hub.card()) is CardResult.REFUSED
        enrolled.restart()
    assert _record(enrolled) == 2


def test_a_later_card_must_be_signed_with_a_key_that_the_hub_still_has(enrolled: Kiosk) -> None:
    """Its own list of keys is signed by the root too, and may be from before a key was stolen."""
    later_s = NOW_S + 9
    stolen, old_list = enrolled.hub.bundle_key, enrolled.hub.signed_keys()
    enrolled.hub.bundle_key = Hub().bundle_key
    enrolled.give_bundle(version=2)
    hub = enrolled.hub
    text = hub.card(key=stolen, key_list=old_list, token=LATER_TOKEN, issued_at_s=later_s)
    assert enrolled.standing.show_card(text) is CardResult.REFUSED
    text = hub.card(key_list=old_list, token=LATER_TOKEN, issued_at_s=later_s)
    assert enrolled.standing.show_card(text) is CardResult.TAKEN
