"""Whatever can be said in a message comes back as it was said, for every kind of message."""

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from sync.wire import (
    batch,
    bundle,
    card,
    cbor,
    cose,
    enrolment,
    envelope,
    keys,
    link,
    parcel,
    receipt,
    run,
    visit,
    wifi,
)
from sync.wire.entry import Header, Kind, SealedEntry, WallClock
from sync.wire.errors import WireError
from sync.wire.keys import key_id
from tests.sync.wire.parties import (
    BUNDLE,
    DEVICE,
    DOOR,
    DOOR_SEALING,
    KEY_LIST,
    KEYS,
    NOT_AFTER_S,
    NOT_BEFORE_S,
    RECEIPT,
    RECOVERY,
    ROOT,
    SEALING,
    hub_key,
    public,
)
from tests.sync.wire.values import encodings

numbers = st.integers(0, 2**63 - 1)
signed_numbers = st.integers(-(2**63) + 1, 2**63 - 1)
instants_s = st.integers(NOT_BEFORE_S, NOT_AFTER_S)
instants_ms = st.integers(NOT_BEFORE_S * 1000, NOT_AFTER_S * 1000 + 999)


def octets(length: int) -> st.SearchStrategy[bytes]:
    return st.binary(min_size=length, max_size=length)


def texts(most: int) -> st.SearchStrategy[str]:
    return st.text(max_size=most)


def several(
    items: st.SearchStrategy[object], most: int = 3
) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(items, max_size=most).map(tuple)


anchors = st.builds(
    batch.Anchor, octets(16), numbers, numbers, numbers, st.sampled_from(batch.AnchorSource)
)
readings = st.builds(
    batch.Reading, texts(40), st.sampled_from(batch.State), st.none() | signed_numbers
)
headers = st.builds(
    Header,
    *(numbers, numbers, numbers, numbers),
    st.sampled_from(WallClock),
    st.sampled_from(Kind),
    numbers,
)
entries = st.builds(SealedEntry, headers, st.binary(max_size=200))
batches = st.builds(
    batch.Batch,
    device=st.just(DEVICE),
    epoch=octets(16),
    previous=octets(32),
    runs=several(st.binary(max_size=1024)),
    anchors=several(anchors),
    entries=several(entries),
    health=several(readings),
    nonce=octets(16),
    boot_id=octets(16),
    sent_boot_ms=numbers,
    sent_wall_ms=numbers,
    newest_seq=numbers,
    bundle_version=numbers,
    software=texts(40),
    oldest_seq=numbers,
    known_ms=st.integers(0, 2**42),
    acked_through=numbers,
    adopted=several(st.builds(batch.Adoption, numbers, st.binary(max_size=1024))),
)
receipts = st.builds(
    receipt.Receipt,
    device=octets(16),
    epoch=octets(16),
    acked_through=numbers,
    chain=octets(32),
    rejected=several(st.tuples(numbers, st.sampled_from(receipt.Rejection))),
    missing=several(st.tuples(numbers, numbers)),
    nonce=octets(16),
    hub_time_ms=instants_ms,
    pause_s=st.integers(0, 86_400),
    conflict=st.booleans(),
)
runs = st.builds(
    run.Run,
    device=st.just(DEVICE),
    epoch=octets(16),
    run_no=numbers,
    boot_id=octets(16),
    boot_ms=numbers,
    wall_ms=numbers,
    sealed_keys=several(st.tuples(octets(8), octets(80)), most=4),
)
places = st.builds(
    bundle.Place,
    door=octets(8),
    label=texts(200),
    direction=st.sampled_from(["entry", "exit", "both"]),
    site_kind=texts(40),
    timezone=texts(40),
    unit=st.integers(0, 65_535),
    door_bit=st.integers(0, 31),
    sees_both_ways=st.booleans(),
)
signers = st.builds(
    bundle.HealthSigner,
    octets(8),
    st.binary(max_size=300),
    signed_numbers,
    signed_numbers,
    st.integers(0, 7),
)
rosters = st.builds(
    bundle.RosterTable,
    octets(16),
    st.integers(0, bundle.MAX_ROSTER_COST),
    several(st.tuples(texts(20), st.integers(0, 64))),
    st.binary(max_size=100),
)
bundles = st.builds(
    bundle.Bundle,
    hub=st.just(keys.hub_id(public(ROOT))),
    device=st.just(DEVICE),
    version=numbers,
    issued_at_ms=instants_ms,
    key_list=st.just(KEY_LIST),
    rulebooks=several(st.binary(max_size=50), most=8),
    revoked=st.lists(octets(8), max_size=3).map(b"".join),
    place=places,
    revoked_keys=st.lists(octets(8), max_size=3).map(b"".join),
    signers=several(signers),
    roster=st.none() | rosters,
)
plain = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"))
wifis = st.builds(
    wifi.WiFi,
    ssid=st.text(plain, min_size=1, max_size=8),
    psk=st.just("") | st.from_regex(r"\A[ -~]{8,63}\Z") | st.from_regex(r"\A[0-9a-f]{64}\Z"),
    hidden=st.booleans(),
    country=st.from_regex(r"\A[A-Z]{2}\Z"),
)
cards = st.builds(
    card.Card,
    door=octets(8),
    door_label=st.text(plain, max_size=30),
    hub_url=st.from_regex(r"\Ahttps?://[a-z0-9.:\[\]-]{1,20}(/[a-z0-9/~._%-]{0,9})?\Z"),
    root_public=st.just(public(ROOT)),
    key_list=st.just(KEY_LIST),
    token=octets(16),
    issued_at_s=instants_s,
    expires_s=numbers,
    ca_pin=st.none() | octets(32),
    wifi=st.none() | wifis,
)
requests = st.builds(
    enrolment.EnrolmentRequest,
    token=octets(16),
    door=octets(8),
    signing_public=st.just(public(DOOR)),
    sealing_public=octets(32),
    hardware=texts(100),
)
key_lists = st.builds(
    keys.KeyList,
    numbers,
    st.lists(
        st.builds(keys.HubKey, st.sampled_from(keys.Purpose), octets(32), numbers, numbers),
        max_size=4,
        unique_by=lambda key: key.public,
    ).map(tuple),
)
visits = st.builds(
    visit.Visit,
    outcome=st.integers(0, 65_535),
    shown=st.integers(0, 65_535),
    reason=st.integers(0, 65_535),
    direction=st.sampled_from(visit.Direction),
    format=st.integers(0, 65_535),
    rulebook=numbers,
    earliest_s=numbers,
    latest_s=st.none() | numbers,
    rule=st.none() | st.integers(0, 65_535),
    pass_type=st.none() | st.integers(0, 65_535),
    sub=st.none() | octets(8),
    cti=st.none() | octets(8),
)
presses = st.builds(visit.Assisted, numbers, st.none() | numbers)
events = st.builds(visit.Event, texts(60), st.none() | signed_numbers)
envelopes = st.builds(
    envelope.Envelope,
    st.sampled_from(envelope.Content),
    octets(16).map(keys.DeviceId),
    st.binary(max_size=100),
)
asked = st.builds(
    link.Request,
    *(st.sampled_from(link.Ask), numbers, numbers, st.binary(max_size=99)),
    st.sampled_from(link.StickState),
)
loads = st.builds(link.Load, texts(64), st.binary(max_size=64), numbers, numbers)
answers = st.builds(
    link.Answer,
    *(texts(1000), texts(300), octets(32), st.binary(max_size=99), numbers, st.booleans()),
    *(numbers, st.none() | numbers, st.none() | loads),
)


@given(batches)
def test_batch(said: batch.Batch) -> None:
    assert batch.open_batch(batch.sign_batch(said, DOOR), public(DOOR)) == said


@given(receipts)
def test_receipt(said: receipt.Receipt) -> None:
    assert receipt.open_receipt(receipt.sign_receipt(said, RECEIPT), KEYS) == said


@given(runs)
def test_run(said: run.Run) -> None:
    assert run.open_run(run.sign_run(said, DOOR), public(DOOR)) == said


@given(bundles)
def test_bundle(said: bundle.Bundle) -> None:
    sealed = bundle.seal_bundle(said, BUNDLE, DOOR_SEALING.public_key())
    signed = bundle.unseal_bundle(sealed, DOOR_SEALING, device=DEVICE)
    assert bundle.open_bundle(signed, device=DEVICE, root_public=public(ROOT)) == (said, KEYS)


@given(cards)
def test_card(said: card.Card) -> None:
    text = card.sign_card(said, BUNDLE)
    assert card.open_card(text, pinned_root=None) == (said, KEYS)
    assert said.hub == keys.hub_id(public(ROOT))


@given(requests)
def test_enrolment_request(said: enrolment.EnrolmentRequest) -> None:
    sealed = enrolment.seal_request(said, DOOR, hub_key(keys.Purpose.SEALING))
    opened = enrolment.open_request(sealed, SEALING)
    assert opened == said
    assert opened.device == DEVICE


@given(key_lists)
def test_key_list(said: keys.KeyList) -> None:
    assert keys.open_key_list(keys.sign_key_list(said, ROOT), public(ROOT)) == said


@given(octets(32), numbers)
def test_run_key_for_the_hub_and_for_recovery(run_key: bytes, run_no: int) -> None:
    to = (hub_key(keys.Purpose.SEALING), hub_key(keys.Purpose.RECOVERY))
    sealed = run.seal_run_key(run_key, to, device=DEVICE, epoch=bytes(16), run_no=run_no)
    record = run.Run(DEVICE, bytes(16), run_no, bytes(16), 0, 0, sealed)
    assert record.open_key(SEALING) == record.open_key(RECOVERY) == run_key


@given(visits)
def test_visit(said: visit.Visit) -> None:
    assert visit.read_visit(said.to_bytes()) == said


@given(instants_s)
def test_time_card(said_s: int) -> None:
    assert card.open_time_card(card.sign_time_card(said_s, BUNDLE), KEYS) == said_s


@given(presses)
def test_officers_press(said: visit.Assisted) -> None:
    assert visit.read_assisted(said.to_bytes()) == said


@given(events)
def test_event(said: visit.Event) -> None:
    assert visit.read_event(said.to_bytes()) == said


@given(st.lists(envelopes, max_size=envelope.MAX_DOWN))
def test_envelopes(said: list[envelope.Envelope]) -> None:
    assert envelope.unpack(envelope.pack(said)) == said
    assert [envelope.open_envelope(one.to_bytes()) for one in said] == said


@given(st.lists(envelopes, max_size=envelope.MAX_DOWN), st.integers(0, 2000))
def test_what_came_whole_before_an_answer_broke_off(
    said: list[envelope.Envelope], kept: int
) -> None:
    found = envelope.unpack_beginning(envelope.pack(said)[:kept])
    assert found == said[: len(found)]
    assert len(envelope.pack(said[: len(found) + 1])) > kept or found == said


@given(asked)
def test_request_to_the_door(said: link.Request) -> None:
    framed = link.encode_request(said)
    assert link.frame_length(framed[:4]) == len(framed) - 4
    assert link.decode_request(framed[4:]) == said


@given(answers)
def test_answer_of_the_door(said: link.Answer) -> None:
    framed = link.encode_answer(said)
    assert link.frame_length(framed[:4]) == len(framed) - 4
    assert link.decode_answer(framed[4:]) == said


UNSIGNED: tuple[Callable[[bytes], object], ...] = (
    visit.read_visit,
    visit.read_event,
    visit.read_assisted,
    envelope.open_envelope,
    envelope.unpack,
    envelope.unpack_beginning,
    parcel.check_parcel,
    link.decode_request,
    link.decode_answer,
)


@given(encodings() | st.binary(max_size=100))
def test_nothing_but_a_wire_error_comes_of_any_bytes(content: bytes) -> None:
    for read in UNSIGNED:
        try:
            said = read(content)
        except WireError:
            continue
        assert said is not None


@given(batches)
def test_what_a_newer_door_says_in_words_of_its_own_is_left_out(made: batch.Batch) -> None:
    """An anchor of an unknown source, a reading of an unknown state: the rest still counts."""
    unknown = cbor.decode(cose.parse_strictly(batch.sign_batch(made, DOOR)).payload)
    assert isinstance(unknown, dict)
    unknown[5] = [*unknown[5], [bytes(16), 1, 2, 3, 99]]  # type: ignore[misc]
    unknown[7] = [*unknown[7], ["camera", 99, None]]  # type: ignore[misc]
    payload = cbor.encode(unknown)
    message = cose.sign(payload, key=DOOR, kid=key_id(public(DOOR)), aad=b"gapura/batch/1")
    assert batch.open_batch(message, public(DOOR)) == made
