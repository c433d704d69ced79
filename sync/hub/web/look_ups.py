"""`/look-ups/`: who was shown the names of how many people, when, on which page and what for."""

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sync.hub.people.models import LookUp

PAGE_ROWS = 100


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    found = LookUp.objects.select_related("operator").annotate(people=Count("subjects"))
    rows = Paginator(found.order_by("-at", "-pk"), PAGE_ROWS).get_page(request.GET.get("page"))
    return render(request, "web/look_ups.html", {"rows": rows})
