"""`/people/import/`: takes over a personnel list, or says what is wrong with it, row by row."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sync.hub import clock, installation
from sync.hub.errors import FaultyFile
from sync.hub.fleet.models import Office
from sync.hub.people.personnel import Taken, compare, take_over
from sync.hub.people.personnel_file import MAX_BYTES, MAX_ROWS, PersonnelFile, read_personnel_file
from sync.hub.people.roster_additions import add_to_roster, check_additions

MOST_FAULTS = 50


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    content: dict[str, object] = {"rows": MAX_ROWS, "mib": MAX_BYTES / 1024 / 1024}
    if request.method == "POST":
        try:
            content |= _answer(request, _read(request))
        except FaultyFile as fault:
            content["fault"] = str(fault)
    return render(request, "web/people_import.html", content)


def _read(request: HttpRequest) -> PersonnelFile:
    """Raises FaultyFile, for a file that is too long before any of it is read."""
    file = request.FILES.get("file")
    if file is None:
        raise FaultyFile(_("No file was chosen."))
    if (file.size or 0) > MAX_BYTES:
        raise FaultyFile(_("The file is too long."))
    offices = {name.lower(): key for key, name in Office.objects.values_list("pk", "name")}
    return read_personnel_file(file.read(), offices)


def _answer(request: HttpRequest, file: PersonnelFile) -> dict[str, object]:
    if file.faults:
        more = len(file.faults) - MOST_FAULTS
        return {"faults": file.faults[:MOST_FAULTS], "more": max(more, 0)}
    is_for_good, by_number = "apply" in request.POST, "by_number" in request.POST
    numbers = [person.number for person in file.people] if by_number else []
    check_additions(numbers, installation.people_key())
    taken = _take(file, is_for_good=is_for_good)
    content: dict[str, object] = {"taken": taken, "is_for_good": is_for_good}
    if numbers and is_for_good:
        content["known_at_doors"] = add_to_roster(numbers, installation.people_key(), clock.now())
    return content | {"by_number": by_number}


def _take(file: PersonnelFile, *, is_for_good: bool) -> Taken:
    key = installation.people_key()
    return take_over(file.people, key, clock.now()) if is_for_good else compare(file.people, key)
