"""The form of a draft: what a circular letter says, without JSON."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.forms.formsets import DELETION_FIELD_NAME, ORDERING_FIELD_NAME
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kiosk.admission.rulebook import ALL_FORMATS, Kept, Way
from kiosk.admission.rulebook_document import CAUTIOUS, DAYS, OUTCOMES, TYPES
from kiosk.admission.wording import Wording
from kiosk.passes.certificate import Kind
from sync.hub.fleet.models import Office
from sync.hub.rules.standing import kinds_of_sites
from sync.hub.web.words import DOOR_DIRECTIONS, PASS_TYPES, Word

MOST_RULES = 30
_SPARE = 2
_HOURS = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]-(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00)")
_MOST_UNIT = 65535
_SPOKEN: dict[str, Word] = {
    "admit": _("let in (green)"),
    "refer": _("to the officer (amber)"),
    "deny": _("refuse (red)"),
}
_KEPT: dict[str, Word] = {
    Kept.SUB.value: _("who it was (a pseudonym)"),
    Kept.CTI.value: _("which pass it was"),
}


def _outcomes(names: Iterable[str]) -> list[tuple[str, Word]]:
    return [(name, _SPOKEN[name]) for name in _SPOKEN if name in names]


def _site_kinds() -> list[tuple[str, str]]:
    return [(kind, gettext(kind)) for kind in kinds_of_sites()]


def _weekdays() -> list[tuple[str, str]]:
    say = Wording(gettext).say
    return [(day, say(day)) for day in DAYS]


def _certificate_kinds() -> list[tuple[str, str]]:
    return [("", ""), *((kind.name.lower(), gettext(kind.name.lower())) for kind in Kind)]


def _offices() -> list[tuple[str, str]]:
    found = Office.objects.order_by("name").values_list("unit", "name")
    return [(str(unit), f"{unit} · {name}") for unit, name in found]


class OfficesField(forms.MultipleChoiceField):
    """A rulebook may name an office that the hub has no more: it stays as it is."""

    def valid_value(self, value: Any) -> bool:
        return str(value).isascii() and str(value).isdecimal() and int(value) <= _MOST_UNIT


class ListField(forms.CharField):
    """Words with commas, or lines, between them."""

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        text = super().to_python(value)
        return [part for part in (one.strip() for one in re.split(r"[,\n]", text or "")) if part]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(initial) != self.to_python(data)

    def run_validators(self, value: Any) -> None:
        for part in value:
            super().run_validators(part)


class HoursField(ListField):
    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        spans = super().to_python(value)
        if not all(_HOURS.fullmatch(span) for span in spans):
            raise forms.ValidationError(_("Hours as 07:30-16:00, with commas between them."))
        return spans

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (initial or "") != (data or "")


class DaysField(ListField):
    def to_python(self, value: Any) -> list[date]:  # type: ignore[override]
        try:
            return [date.fromisoformat(day) for day in super().to_python(value)]
        except ValueError as error:
            raise forms.ValidationError(_("One day a line, as 2026-12-25.")) from error

    def run_validators(self, value: Any) -> None:
        """Days are what they are."""


def _ticks(label: Any, choices: Any, help_text: Any = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        choices=choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=help_text,
    )


class DraftForm(forms.Form):
    edition = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)
    letter = forms.CharField(label=_("Number of the circular letter"), max_length=500)
    letter_date = forms.DateField(
        label=_("Date of the letter"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    effective_from = forms.DateTimeField(
        label=_("In force from"),
        help_text=_("It may be weeks ahead: doors without a network have it in time."),
        widget=forms.DateTimeInput(
            attrs={"type": "datetime-local", "step": "any"}, format="%Y-%m-%dT%H:%M:%S"
        ),
    )
    trial = forms.BooleanField(
        label=_("Trial phase: a refusal is shown as amber, and counted"), required=False
    )
    capacity = forms.IntegerField(
        label=_("People inside at most"),
        required=False,
        min_value=1,
        max_value=1_000_000,
        help_text=_("Only at doors that see both ways."),
    )
    pass_back = forms.ChoiceField(
        label=_("A day pass that is inside already"),
        choices=[("soft", _("to the officer (amber)")), ("off", _("is not looked at"))],
    )
    uncertain_clock = forms.ChoiceField(
        label=_("Where the kiosk does not know the time"), choices=_outcomes(CAUTIOUS)
    )
    stale_after_days = forms.IntegerField(
        label=_("Days without the hub until the rules are stale"),
        required=False,
        min_value=1,
        max_value=36_500,
        help_text=_("Empty: never."),
    )
    stale = forms.ChoiceField(label=_("Where they are stale"), choices=_outcomes(CAUTIOUS))
    holidays = DaysField(
        label=_("Holidays"),
        required=False,
        max_length=20_000,
        help_text=_("One day a line, as 2026-12-25."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        kinds = _site_kinds()
        gone = set(self.initial.get("site_kinds", [])) - {kind for kind, _word in kinds}
        self.fields["site_kinds"] = _ticks(
            _("For sites of the kind"),
            [*kinds, *((kind, gettext(kind)) for kind in sorted(gone))],
            _("None ticked is every kind."),
        )
        for name, kind in TYPES.items():
            self.fields[f"keeps_{name}"] = _ticks(PASS_TYPES[kind], list(_KEPT.items()))

        self.order_fields(["letter", "letter_date", "effective_from", "site_kinds"])

    def main_fields(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if not field.name.startswith("keeps_")]

    def kept_fields(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name.startswith("keeps_")]


class RuleForm(forms.Form):
    name = forms.CharField(label=_("Name of the rule"), max_length=500)
    types = _ticks(
        _("Who"), [(name, PASS_TYPES[kind]) for name, kind in TYPES.items()], _("At least one.")
    )
    outcome = forms.ChoiceField(label=_("What happens"), choices=[("", ""), *_outcomes(OUTCOMES)])
    hours = HoursField(
        label=_("Hours"),
        required=False,
        max_length=500,
        help_text=_("As 07:30-16:00; several with commas. Empty: all day."),
    )
    days = _ticks(_("Days"), _weekdays, _("None ticked is all."))
    open_on_holidays = forms.BooleanField(label=_("On holidays too"), required=False, initial=True)
    ways = _ticks(
        _("Doors"),
        [(way.value, DOOR_DIRECTIONS[way.value]) for way in Way],
        _("None ticked is all."),
    )
    formats = _ticks(
        _("Format of the code"),
        [(name, name) for name in sorted(ALL_FORMATS)],
        _("None ticked is all."),
    )
    colours = ListField(
        label=_("Colours of a health certificate"),
        required=False,
        max_length=500,
        help_text=_("With commas between them. Empty: whatever the colour."),
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        offices = _offices()
        known = {unit for unit, _name in offices}
        gone = [unit for unit in self.initial.get("units", []) if unit not in known]
        choices = [*offices, *((unit, unit) for unit in gone)]
        self.fields["units"] = OfficesField(
            label=_("At the doors of"),
            choices=choices,
            required=False,
            widget=forms.SelectMultiple(attrs={"size": 3}),
            help_text=_("None chosen is all offices."),
        )

    def clean_types(self) -> list[str]:
        types: list[str] = self.cleaned_data["types"]
        if not types:
            raise forms.ValidationError(_("At least one."))
        return types


class ColourForm(forms.Form):
    colour = forms.CharField(label=_("Colour"), max_length=500)
    kind = forms.ChoiceField(label=_("From"), choices=_certificate_kinds)
    doses_at_least = forms.IntegerField(
        label=_("Doses at least"), required=False, min_value=0, max_value=99
    )
    series_done = forms.BooleanField(label=_("All doses were given"), required=False)
    negative = forms.BooleanField(label=_("The test found nothing"), required=False)
    age_at_least_days = forms.IntegerField(
        label=_("Days ago at least"), required=False, min_value=0, max_value=36_500
    )
    age_at_most_days = forms.IntegerField(
        label=_("Days ago at most"), required=False, min_value=0, max_value=36_500
    )


class _Rows(forms.BaseFormSet):  # type: ignore[type-arg]
    """Rows in an order that is typed in, some of them to be taken out."""

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields[ORDERING_FIELD_NAME].label = _("Place")
        form.fields[DELETION_FIELD_NAME].label = _("Take it out")


def rows_of(rows: "forms.BaseFormSet[Any]") -> list[dict[str, Any]]:
    """Return what was typed in, in its order, without what is taken out."""
    return [form.cleaned_data for form in rows.ordered_forms]


RuleRows = forms.formset_factory(
    RuleForm, _Rows, extra=_SPARE, can_order=True, can_delete=True,
    max_num=MOST_RULES + _SPARE, absolute_max=MOST_RULES + _SPARE, validate_max=True,
)  # fmt: skip
ColourRows = forms.formset_factory(
    ColourForm, _Rows, extra=_SPARE, can_order=True, can_delete=True,
    max_num=MOST_RULES + _SPARE, absolute_max=MOST_RULES + _SPARE, validate_max=True,
)  # fmt: skip
