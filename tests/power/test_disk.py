"""What a barrier covers is always found after a cut; what none covers may be there or not."""

from tests.power.calls import Act, Event
from tests.power.disk import Disk, How, State, StateStream
from tests.power.image import SECTOR_BYTES

OLD = {"journal": b"old"}
END = 1_000


def event(line: int, act: Act, name: str, **more: object) -> Event:
    return Event(line, line, act, name, **more)  # type: ignore[arg-type]


def write(line: int, name: str, data: bytes, offset: int = 0) -> Event:
    return event(line, Act.WRITE, name, data=data, offset=offset)


def found(disk: Disk, line: int = END) -> list[State]:
    """Return what is found at a line, in every way and with a hundred seeds."""
    return [disk.state(line, how, seed) for how in How for seed in range(100)]


def contents(disk: Disk, name: str, line: int = END) -> set[bytes | None]:
    return {state.files.get(name) for state in found(disk, line)}


def test_what_was_there_before_stays() -> None:
    assert contents(Disk(OLD, []), "journal") == {b"old"}


def test_a_write_may_be_lost_until_its_file_is_synced_and_never_after() -> None:
    events = [write(1, "journal", b"new"), event(5, Act.SYNC, "journal")]
    disk = Disk(OLD, events)
    assert contents(disk, "journal", line=1) == {b"old"}
    assert contents(disk, "journal", line=5) == {b"old", b"new"}
    assert contents(disk, "journal", line=6) == {b"new"}


def test_a_barrier_covers_neither_another_file_nor_what_had_not_returned() -> None:
    late = Event(2, 4, Act.WRITE, "journal", b"new", 0)
    other = event(6, Act.SYNC, "another")
    disk = Disk({**OLD, "another": b""}, [late, event(3, Act.SYNC, "journal"), other])
    assert contents(disk, "journal") == {b"old", b"new"}


def test_a_write_is_torn_between_sectors_only() -> None:
    old, new = bytes(4 * SECTOR_BYTES), b"n" * 4 * SECTOR_BYTES
    disk = Disk({"journal": old}, [write(1, "journal", new)])
    torn = {content for content in contents(disk, "journal") if content not in {old, new}}
    assert len(torn) > 5
    for content in torn:
        assert content is not None
        for start in range(0, len(old), SECTOR_BYTES):
            assert content[start : start + SECTOR_BYTES] in {old[:SECTOR_BYTES], new[:SECTOR_BYTES]}


def test_a_file_may_have_grown_with_zeros_or_rubbish_in_the_new_part() -> None:
    disk = Disk({"journal": b""}, [write(1, "journal", b"n" * 2 * SECTOR_BYTES)])
    halves = {content[:SECTOR_BYTES] for content in contents(disk, "journal") if content}
    assert b"n" * SECTOR_BYTES in halves
    assert bytes(SECTOR_BYTES) in halves
    assert len(halves) > 2


def test_writes_before_one_barrier_come_in_any_order() -> None:
    disk = Disk({"journal": b"__"}, [write(1, "journal", b"a"), write(2, "journal", b"b", 1)])
    assert contents(disk, "journal") == {b"__", b"a_", b"_b", b"ab"}


def test_a_name_lasts_with_its_directory_not_with_its_file() -> None:
    made = [event(1, Act.OPEN, "new"), write(2, "new", b"n"), event(3, Act.SYNC, "new")]
    assert contents(Disk({}, made), "new") == {None, b"n"}
    assert contents(Disk({}, [*made, event(4, Act.SYNC, ".")]), "new") == {b"n"}


def test_a_rename_is_whole_or_not_at_all() -> None:
    disk = Disk({**OLD, "journal.new": b"new"}, [event(1, Act.RENAME, "journal.new", to="journal")])
    before, after = {**OLD, "journal.new": b"new"}, {"journal": b"new"}
    assert all(dict(state.files) in (before, after) for state in found(disk))
    assert contents(disk, "journal") == {b"old", b"new"}


def test_what_a_failed_sync_should_have_covered_may_be_lost_although_the_next_one_succeeds() -> (
    None
):
    events = [write(1, "journal", b"new"), event(2, Act.FAILED, "journal")]
    assert contents(Disk(OLD, [*events, event(3, Act.SYNC, "journal")]), "journal") == {
        *(b"old", b"new")
    }
    again = [write(3, "journal", b"new"), event(4, Act.SYNC, "journal")]
    assert contents(Disk(OLD, [*events, *again]), "journal") == {b"new"}


def test_a_rename_into_another_directory_lasts_with_both() -> None:
    events = [event(1, Act.MKDIR, "aside"), event(2, Act.RENAME, "journal", to="aside/journal")]
    moved = {"aside/": b"", "aside/journal": b"old"}
    assert Disk(OLD, events).whole() == moved
    events.append(event(3, Act.SYNC, "aside"))
    found_before = [dict(state.files) for state in found(Disk(OLD, events))]
    assert moved in found_before
    assert OLD in found_before
    assert all(files in (moved, OLD, {**OLD, "aside/": b""}) for files in found_before)
    events.append(event(4, Act.SYNC, "."))
    assert all(dict(state.files) == moved for state in found(Disk(OLD, events)))


def test_a_copy_has_what_its_source_had() -> None:
    copied = Event(2, 2, Act.COPY, "copy", offset=1, size=2, to="journal")
    disk = Disk(OLD, [event(1, Act.OPEN, "copy"), copied])
    assert disk.whole()["copy"] == b"ld"


def test_a_second_name_leads_to_the_same_file() -> None:
    events = [event(1, Act.LINK, "journal", to="kept"), write(2, "journal", b"new")]
    assert Disk(OLD, events).whole() == {"journal": b"new", "kept": b"new"}


def test_truncation_and_removal_may_be_undone() -> None:
    cut = Disk(OLD, [event(1, Act.TRUNCATE, "journal", size=0)])
    assert contents(cut, "journal") == {b"old", b""}
    gone = Disk(OLD, [event(1, Act.UNLINK, "journal")])
    assert contents(gone, "journal") == {b"old", None}


def test_the_memory_map_of_the_log_is_no_part_of_the_disk() -> None:
    assert Disk(OLD, [event(1, Act.OPEN, "journal.db-shm")]).whole() == OLD


def test_each_state_is_given_once_and_the_barest_at_each_light_first() -> None:
    light = event(2, Act.LIGHT, "", data=b"green")
    stream = StateStream(Disk(OLD, [write(1, "journal", b"new"), light]), seed=3)
    first = stream.draw()
    assert first is not None
    assert (first.lights, first.files["journal"], first.how) == (("green",), b"old", How.NONE)
    drawn = [first]
    while (state := stream.draw()) is not None:
        drawn.append(state)
    seen = {(len(state.lights), state.files["journal"]) for state in drawn}
    assert len(seen) == len(drawn)
    assert {(0, b"old"), (0, b"new"), (1, b"old"), (1, b"new")} <= seen
