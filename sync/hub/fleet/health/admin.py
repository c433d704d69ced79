"""When somebody works at a site."""

from typing import TYPE_CHECKING

from django.contrib import admin
from django.http import HttpRequest

from sync.hub.fleet.health.models import Maintenance

if TYPE_CHECKING:
    _MaintenanceAdmin = admin.ModelAdmin[Maintenance]
else:
    # Django's class is generic in its stubs only.
    _MaintenanceAdmin = admin.ModelAdmin


@admin.register(Maintenance)
class MaintenanceAdmin(_MaintenanceAdmin):
    list_display = ("site", "begins", "ends", "note")
    list_select_related = ("site",)
    autocomplete_fields = ("site",)

    def get_changeform_initial_data(self, _request: HttpRequest) -> dict[str, str | list[str]]:
        """No address fills the form in: Django takes whatever stands there for a key."""
        return {}
