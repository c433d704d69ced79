import pytest

from sync.hub.errors import FaultyFile
from sync.hub.fleet.models import Office
from sync.hub.people import roster as roster_module
from sync.hub.people import roster_additions
from sync.hub.people.models import Person, PersonKind, Roster, Subject
from sync.hub.people.personnel import take_over
from sync.hub.people.personnel_file import Listed
from sync.hub.people.roster import by_hash, hashes_of, import_roster
from sync.hub.people.roster_additions import add_to_roster, check_additions
from sync.hub.people.roster_file import Person as Numbered
from sync.hub.people.roster_file import RosterFile
from tests.sync.hub.conftest import NOW
from tests.sync.hub.people.named import subject_named

_KEY = b"k" * 32
_SITI, _BUDI, _DEWI = "198501012010012001", "THL00042", "12345678"


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roster_module, "COST", 2)


def listed(*numbers: str) -> None:
    office = Office.objects.create(name="Dinas Kesehatan", unit=7)
    people = [Listed(f"Orang {one}", office.pk, one, PersonKind.ASN) for one in numbers]
    take_over(people, _KEY, NOW)


def sub_at_door(number: str) -> bytes | None:
    held = Roster.objects.get()
    return by_hash(held.rows).get(hashes_of([number], held.salt)[0])


def test_who_is_on_the_list_is_the_same_person_at_the_door(database: str) -> None:
    """Whoever was on the roster before stays, in its own form of number too."""
    import_roster(RosterFile((Numbered(_DEWI, "Dewi"),), (("digits", 8),)), NOW)
    listed(_SITI, _BUDI)
    assert add_to_roster([_SITI, _BUDI], _KEY, NOW) == 2
    siti = Person.objects.get(subject=subject_named(f"Orang {_SITI}"))
    assert sub_at_door(_SITI) == siti.subject.sub
    assert sub_at_door(_DEWI) == subject_named("Dewi").sub
    assert Roster.objects.get().shapes == [["alphanumeric", 8], ["digits", 18]]
    assert add_to_roster([_SITI, _BUDI], _KEY, NOW) == 0
    rows = Roster.objects.get().rows
    assert [rows[at : at + 24] for at in range(0, 72, 24)] == sorted(
        rows[at : at + 24] for at in range(0, 72, 24)
    )


def test_a_roster_from_a_file_knows_the_list(database: str) -> None:
    """The command's import makes no second person of somebody who is on the list."""
    listed(_SITI)
    file = RosterFile((Numbered(_SITI, "Siti Rahayu"),), (("digits", 18),))
    import_roster(file, NOW, _KEY)
    assert Subject.objects.get().sub == sub_at_door(_SITI)


def test_too_many_new_numbers_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that doors know already cost nothing and do not count; nor too many forms."""
    listed(_SITI, _BUDI, _DEWI)
    monkeypatch.setattr(roster_additions, "MOST_NEW", 2)
    with pytest.raises(FaultyFile, match="import-roster"):
        check_additions([_SITI, _BUDI, _DEWI], _KEY)
    add_to_roster([_SITI], _KEY, NOW)
    check_additions([_SITI, _BUDI, _DEWI], _KEY)
    monkeypatch.setattr(roster_additions, "MOST_NEW", 100)
    with pytest.raises(FaultyFile):
        check_additions(["1" * length for length in range(4, 22)], _KEY)
