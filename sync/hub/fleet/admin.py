"""Forms for what Diskominfo keeps by hand: offices, sites, their hours, doors, plans."""

import secrets
from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from sync.hub.fleet.cards import free_bit
from sync.hub.fleet.models import (
    ConnectionRequest,
    Device,
    Door,
    Office,
    OpeningHours,
    PlannedDoor,
    Site,
)
from sync.wire.bundle import DOOR_ID_BYTES

if TYPE_CHECKING:
    _SiteForm = forms.ModelForm[Site]
    _OpeningHoursInline = admin.TabularInline[OpeningHours, Site]
    _ConnectionRequestInline = admin.TabularInline[ConnectionRequest, Site]
    _DoorForm = forms.ModelForm[Door]
    _OfficeAdmin = admin.ModelAdmin[Office]
    _SiteAdmin = admin.ModelAdmin[Site]
    _DoorAdmin = admin.ModelAdmin[Door]
    _PlannedDoorAdmin = admin.ModelAdmin[PlannedDoor]
    _ConnectionRequestAdmin = admin.ModelAdmin[ConnectionRequest]
    _DeviceAdmin = admin.ModelAdmin[Device]
else:
    # Django's classes are generic in its stubs only.
    _SiteForm = _DoorForm = forms.ModelForm
    _OpeningHoursInline = _ConnectionRequestInline = admin.TabularInline
    _OfficeAdmin = _SiteAdmin = _DoorAdmin = _PlannedDoorAdmin = _ConnectionRequestAdmin = (
        _DeviceAdmin
    ) = admin.ModelAdmin


class SiteForm(_SiteForm):
    def clean_timezone(self) -> str:
        name = str(self.cleaned_data["timezone"])
        if name not in available_timezones():
            raise ValidationError(_("There is no such time zone; write it as Asia/Makassar."))
        return name


class OpeningHoursInline(_OpeningHoursInline):
    model = OpeningHours
    extra = 0


class ConnectionRequestInline(_ConnectionRequestInline):
    model = ConnectionRequest
    extra = 0


class DoorForm(_DoorForm):
    """A door's place in passes is chosen here: whoever moves it changes what passes open."""

    def clean_site(self) -> Site:
        site: Site = self.cleaned_data["site"]
        if not self.instance._state.adding and self.instance.office_id != site.office_id:
            raise ValidationError(_("A door stays with its office: make a new one there."))
        if self.instance._state.adding:
            self.instance.office = site.office
            self.instance.public_id = secrets.token_bytes(DOOR_ID_BYTES)
            found = free_bit(site.office)
            if found is None:
                raise ValidationError(_("This office has as many doors as passes can name."))
            self.instance.door_bit = found
        return site


@admin.register(Office)
class OfficeAdmin(_OfficeAdmin):
    list_display = ("name", "unit")
    search_fields = ("name",)


@admin.register(Site)
class SiteAdmin(_SiteAdmin):
    form = SiteForm
    list_display = ("name", "office", "kind", "has_internet")
    list_filter = ("has_internet", "kind")
    list_select_related = ("office",)
    search_fields = ("name", "office__name")
    inlines = (OpeningHoursInline, ConnectionRequestInline)


@admin.register(Door)
class DoorAdmin(_DoorAdmin):
    form = DoorForm
    fields = ("site", "label", "direction", "sees_both_ways")
    list_display = ("label", "site", "direction")
    list_select_related = ("site",)
    search_fields = ("label", "site__name")


@admin.register(PlannedDoor)
class PlannedDoorAdmin(_PlannedDoorAdmin):
    list_display = ("label", "site", "status", "deadline")
    list_filter = ("status",)
    list_select_related = ("site",)
    autocomplete_fields = ("site", "door")

    def get_changeform_initial_data(self, _request: HttpRequest) -> dict[str, str | list[str]]:
        """No address fills the form in: Django takes whatever stands there for a key."""
        return {}


@admin.register(ConnectionRequest)
class ConnectionRequestAdmin(_ConnectionRequestAdmin):
    list_display = ("site", "status", "requested_on", "deadline")
    list_filter = ("status",)
    list_select_related = ("site",)
    autocomplete_fields = ("site",)

    def get_changeform_initial_data(self, _request: HttpRequest) -> dict[str, str | list[str]]:
        """No address fills the form in: Django takes whatever stands there for a key."""
        return {}


@admin.register(Device)
class DeviceAdmin(_DeviceAdmin):
    """To be looked at: kiosks are let in and out on the page of the devices."""

    list_display = ("door", "status", "hardware", "last_contact", "software")
    list_filter = ("status",)
    list_select_related = ("door",)

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Device | None = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Device | None = None) -> bool:
        return False
