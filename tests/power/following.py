"""From what was called to what changes: which file each call concerns, and what makes it last."""

from collections.abc import Sequence

from tests.power.calls import Act, Event, TraceFault
from tests.power.image import DIRECTORY, NEVER, Change, Image

_NAMING = {Act.RENAME, Act.LINK, Act.UNLINK, Act.MKDIR, Act.RMDIR}
_WITHOUT_CHANGE = {Act.SYNC, Act.FAILED, Act.LIGHT}


def follow(live: Image, events: Sequence[Event]) -> list[Change]:
    """Say which file each event concerns, and from which line on a barrier covers it."""
    changes: list[Change] = []
    behind: dict[int, int] = {}
    for event in events:
        if event.act in {Act.SYNC, Act.FAILED}:
            _cover(changes, event, live)
        if event.act in _WITHOUT_CHANGE:
            continue
        change = _change(event, live, behind)
        if change is not None:
            live.apply(change)
            changes.append(change)
    return changes


def _change(event: Event, live: Image, behind: dict[int, int]) -> Change | None:
    """Return what an event changes, None where that is nothing."""
    if event.act in _NAMING or (event.act is Act.OPEN and event.name not in live.names):
        binds = _binds(event, live)
        file = max(bound or 0 for _, bound in binds)
        return Change(event.begun, event.ended, file, binds=binds)
    file = live.names.get(event.name, 0)
    if not file:
        raise TraceFault(f"{event.act} of {event.name}, which is not there")
    match event.act:
        case Act.OPEN:
            behind[file] = 0
            return Change(event.begun, event.ended, file, cut_to=0) if event.size == 0 else None
        case Act.TRUNCATE:
            return Change(event.begun, event.ended, file, cut_to=event.size)
    data, offset = event.data, event.offset
    if event.act is Act.COPY:
        source = live.contents[live.names[event.to]]
        data, offset = bytes(source[event.offset or 0 :][: event.size]), None
    start = behind.get(file, 0) if offset is None else offset
    behind[file] = start + len(data)
    return Change(event.begun, event.ended, file, start, data)


def _binds(event: Event, live: Image) -> tuple[tuple[str, int | None], ...]:
    """Return the names that an event sets, each with the file that it leads to from now on."""
    name, folder = event.name, f"{event.name}/"
    match event.act:
        case Act.RENAME:
            return (event.to, live.names[name]), (name, None)
        case Act.LINK:
            return ((event.to, live.names[name]),)
        case Act.MKDIR:
            return ((folder, DIRECTORY),)
        case Act.RMDIR:
            return ((folder, None),)
        case Act.UNLINK:
            return ((name, None),)
    return ((name, 1 + max(live.contents, default=0)),)


def _cover(changes: list[Change], barrier: Event, live: Image) -> None:
    """A file's barrier holds its content, a directory's the names in it."""
    is_directory = barrier.name == "." or f"{barrier.name}/" in live.names
    file = live.names.get(barrier.name)
    for change in changes:
        if change.ended >= barrier.begun or change.durable_from != NEVER or change.is_doomed:
            continue
        if is_directory:
            is_meant = barrier.name in change.directories
            change.directories.discard(barrier.name)
            is_covered = is_meant and not change.directories
        else:
            is_covered = not change.binds and change.file == file
        if is_covered and barrier.act is Act.FAILED:
            change.is_doomed = True
        elif is_covered:
            change.durable_from = barrier.ended
