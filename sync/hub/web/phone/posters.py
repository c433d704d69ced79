"""`/posters/`: a poster to print for each door, by which visitors get a pass for the day."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from sync.hub import installation
from sync.hub.fleet.models import Door
from sync.hub.web.phone.poster_drawing import Poster, draw_poster
from sync.hub.web.phone.visitor import door_named


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    doors = Door.objects.select_related("site", "office")
    content = {"doors": doors.order_by("office__name", "site__name", "label")}
    return render(request, "phone/posters.html", content)


@require_safe
def poster(_request: HttpRequest, door: str) -> HttpResponse:
    found = door_named(door)
    public = found.public_id.hex()
    address = reverse("visitor-registration", args=[public])
    drawn = draw_poster(
        Poster(
            site=found.site.name,
            office=found.office.name,
            door=found.label,
            url=f"{installation.environment().url}{address}",
        )
    )
    headers = {"Content-Disposition": f'inline; filename="poster-{public}.pdf"'}
    return HttpResponse(drawn, "application/pdf", headers=headers)
