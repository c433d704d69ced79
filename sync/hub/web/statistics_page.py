"""`/statistics/` and `/public/statistics/`: how many came where and when; nothing of persons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.utils.dateformat import format as format_date
from django.utils.formats import number_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from sync.hub import clock, installation
from sync.hub.fleet.models import Site
from sync.hub.tracing.figures import Asked, Figures, figures
from sync.hub.tracing.rounding import FEW, STEP, as_published
from sync.hub.web import words
from sync.hub.web.access import office_of
from sync.hub.web.columns import columns
from sync.hub.web.spreadsheet import as_csv
from sync.hub.web.words import Word

USUAL_DAYS = 28
MOST_SITES = 200


class StatisticsForm(forms.Form):
    site = forms.ModelChoiceField(
        Site.objects.none(), label=_("Site"), required=False, empty_label=_("All sites")
    )
    days = forms.TypedChoiceField(
        label=_("Time"),
        coerce=int,
        empty_value=None,
        required=False,
        choices=[(7, _("7 days")), (USUAL_DAYS, _("4 weeks")), (91, _("13 weeks"))],
        initial=USUAL_DAYS,
    )

    def __init__(self, given: QueryDict, office: int | None) -> None:
        super().__init__({"days": str(USUAL_DAYS), **given.dict()})
        sites = Site.objects.order_by("name", "pk")
        field = self.fields["site"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101
        field.queryset = sites if office is None else sites.filter(office=office)


@dataclass(frozen=True, slots=True)
class Line:
    name: Word
    figure: str


@dataclass(frozen=True, slots=True)
class Chart:
    title: Word
    path: str
    top: str
    marks: tuple[str, ...]


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    return render(request, "web/statistics.html", _content(request, office_of(request)))


@login_not_required
@require_safe
def public_page(request: HttpRequest) -> HttpResponse:
    _must_be_public()
    return render(request, "web/statistics.html", {**_content(request, None), "is_public": True})


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The same as a table: what, which, how many."""
    found = _found(request, office_of(request))
    headings = [_now("Table"), _now("Of"), _now("People")]
    headers = {"Content-Disposition": 'attachment; filename="statistik.csv"'}
    return HttpResponse(as_csv(headings, _cells(found)), "text/csv; charset=utf-8", headers=headers)


@login_not_required
@require_safe
def public_json(request: HttpRequest) -> HttpResponse:
    _must_be_public()
    asked, found = _asked(StatisticsForm(request.GET, None), None)
    sites = Site.objects.in_bulk(list(found.sites))
    content = {
        "from": asked.first.isoformat(),
        "to": asked.last.isoformat(),
        "rounded_to": STEP,
        "days": {day.isoformat(): _figure(count) for day, count in found.days.items()},
        "hours": {f"{hour:02}": _figure(found.hours.get(hour, 0)) for hour in range(24)},
        "sites": [
            {"site": sites[pk].name, "people": _figure(count)}
            for pk, count in sorted(found.sites.items())
        ],
        "refused": {
            str(words.word(words.REASONS, reason)): _figure(count)
            for reason, count in found.refusals.items()
        },
    }
    return JsonResponse(content)


def _figure(count: int) -> int | str:
    return count or FEW


def _must_be_public() -> None:
    if not installation.environment().has_public_statistics:
        raise Http404


def _asked(form: StatisticsForm, office: int | None) -> tuple[Asked, Figures]:
    """What cannot be asked for is not: all sites, the usual days. The last day is over everywhere
    in the country, so that nobody can watch a figure change as somebody comes.
    """
    told = form.cleaned_data if form.is_valid() else {}
    site: Site | None = told.get("site")
    today = clock.now().astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    days = told.get("days") or USUAL_DAYS
    asked = Asked(today - timedelta(days=1), days, office, None if site is None else site.pk)
    return asked, figures(asked)


@dataclass(frozen=True, slots=True)
class _Shown:
    asked: Asked
    charts: Sequence[Chart]
    tables: Sequence[tuple[Word, Sequence[Line]]]
    undated: str


def _found(request: HttpRequest, office: int | None) -> _Shown:
    return _shown(*_asked(StatisticsForm(request.GET, office), office))


def _content(request: HttpRequest, office: int | None) -> dict[str, object]:
    form = StatisticsForm(request.GET, office)
    shown = _shown(*_asked(form, office))
    return {"form": form, "shown": shown, "step": STEP, "query": request.GET.urlencode()}


def _shown(asked: Asked, found: Figures) -> _Shown:
    names = dict(Site.objects.filter(pk__in=list(found.sites)).values_list("pk", "name"))
    by_size = sorted(found.sites.items(), key=lambda one: (-one[1], names[one[0]]))
    return _Shown(
        asked=asked,
        charts=[_by_day(found), _by_hour(found)],
        tables=[
            (_("What came of it"), _lines(found.outcomes, words.OUTCOMES)),
            (_("Why people were refused"), _lines(found.refusals, words.REASONS)),
            (_("Why people were sent to the officer"), _lines(found.questions, words.REASONS)),
            (
                _("By week, from its Monday"),
                [_line(_day(day), n) for day, n in sorted(found.weeks.items())],
            ),
            (_("By site"), [_line(names[pk], count) for pk, count in by_size[:MOST_SITES]]),
        ],
        undated=as_published(found.undated) if found.undated else "",
    )


def _lines(counts: Mapping[int, int], meanings: dict[int, Word]) -> list[Line]:
    by_size = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return [_line(words.word(meanings, code), count) for code, count in by_size]


def _line(name: Word, count: int) -> Line:
    return Line(name, number_format(count) if count else FEW)


def _day(day: date) -> str:
    return format_date(day, "j M Y")


def _by_day(found: Figures) -> Chart:
    days = sorted(found.days)
    counts = [found.days[day] for day in days]
    marks = tuple(format_date(day, "j M") for day in days[:: max(len(days) // 7, 1)])
    return _chart(_("By day"), counts, marks[:7])


def _by_hour(found: Figures) -> Chart:
    counts = [found.hours.get(hour, 0) for hour in range(24)]
    return _chart(_("By hour of the day"), counts, tuple(f"{hour:02}" for hour in range(0, 24, 4)))


def _chart(title: Word, counts: Sequence[int], marks: tuple[str, ...]) -> Chart:
    top = max([*counts, 1])
    return Chart(title, columns(counts, top), number_format(top), marks)


def _cells(shown: _Shown) -> list[list[str]]:
    return [
        [str(title), str(line.name), line.figure] for title, lines in shown.tables for line in lines
    ]
