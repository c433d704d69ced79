import pytest
from django.core.exceptions import FieldError
from django.db import connection

from sync.hub import identity
from sync.hub.errors import HomeFault
from sync.hub.home import Home
from sync.hub.people.finding import People, find_people
from sync.hub.people.models import Subject
from sync.hub.privacy.reseal import rotate_identities, sealed_columns, used_kids
from sync.hub.privacy.retention import retain
from tests.sync.hub.conftest import NOW

_ABOUT = "people.subject.label"


def a_subject(number: int, name: str) -> Subject:
    return Subject.objects.create(sub=number.to_bytes(8), label=name, created_at=NOW)


def stored(subject: Subject) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute("SELECT label FROM people_subject WHERE id = %s", [subject.pk])
        return bytes(cursor.fetchone()[0])


def test_the_database_has_no_name() -> None:
    """Nor how long it is, nor who has the same one."""
    names = ["Siti Rahayu", "Siti Rahayu", "Bo"]
    rows = [stored(a_subject(number, name)) for number, name in enumerate(names)]
    assert not any(b"Siti" in row or b"Rahayu" in row for row in rows)
    assert len(set(rows)) == 3
    assert {len(row) for row in rows} == {len(rows[0])}
    assert [one.label for one in Subject.objects.order_by("pk")] == names
    assert stored(a_subject(9, "")) == b""


def test_what_was_bent_is_not_shown() -> None:
    sealed = identity.seal("Siti", _ABOUT)
    assert identity.unseal(sealed, _ABOUT) == "Siti"
    for wrong in (sealed[:-1] + bytes([sealed[-1] ^ 1]), bytes(4) + sealed[4:], sealed[:20]):
        with pytest.raises(HomeFault):
            identity.unseal(wrong, _ABOUT)
    with pytest.raises(HomeFault):
        identity.unseal(sealed, "people.lookup.reason")


@pytest.mark.parametrize("lookup", ["label", "label__icontains", "label__in"])
def test_no_query_asks_for_a_name(lookup: str) -> None:
    """It would find nobody, and nobody would notice."""
    with pytest.raises(FieldError):
        Subject.objects.filter(**{lookup: "Siti"})


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        ("siti", ["SITI Aminah", "Siti Rahayu"]),
        ("TI RA", ["Siti Rahayu"]),
        ("straße", ["Budi STRASSE"]),
        ("", ["Budi STRASSE", "SITI Aminah", "Siti Rahayu"]),
        ("Joko", []),
    ],
)
def test_people_are_found_by_part_of_a_name(sought: str, found: list[str]) -> None:
    """Whether letters are large or small, in the order of names."""
    for number, name in enumerate(("Siti Rahayu", "Budi STRASSE", "SITI Aminah")):
        a_subject(number, name)
    people = find_people(People(name=sought))
    assert [one.label for one in people] == [one.label for one in people[:9]] == found
    assert people.count() == len(found)


def test_names_are_sealed_under_a_new_key(own_home: Home) -> None:
    """Then the old one is dropped, by the night's work: nothing needs it any more."""
    subjects = [a_subject(number, f"Orang {number}") for number in range(3)]
    (old,) = identity.kids()
    assert rotate_identities() == 3
    new, _ = identity.kids()
    assert {identity.kid_of(stored(subject)) for subject in subjects} == {new} == used_kids()
    late = a_subject(7, "Siti")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_subject SET label = %s WHERE id = %s", [b"", late.pk])
    retain(NOW)
    assert identity.kids() == (new,)
    assert old.hex() not in own_home.identity_key.read_text()
    assert own_home.identity_key.stat().st_mode & 0o077 == 0
    assert Subject.objects.get(pk=subjects[1].pk).label == "Orang 1"


def test_a_key_that_is_needed_stays(own_home: Home) -> None:
    """A hub that was writing meanwhile may have sealed with it."""
    del own_home
    old_one = a_subject(1, "Siti")
    identity.add_key()
    retain(NOW)
    assert len(identity.kids()) == 2
    assert Subject.objects.get(pk=old_one.pk).label == "Siti"


def test_a_lost_key_is_told(own_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """And never taken for people without a name."""
    a_subject(1, "Siti")
    other = Home(own_home.path.with_name("other"))
    other.prepare()
    monkeypatch.setattr("sync.hub.installation.home", lambda: other)
    with pytest.raises(HomeFault, match="bring the file back"):
        Subject.objects.get()


def test_each_text_is_sealed_about_its_own_place() -> None:
    """What is sealed of one column opens in no other."""
    abouts = [field.about for _model, field in sealed_columns()]
    assert len(set(abouts)) == len(abouts) >= 4
