"""`/admin/`: Django's forms, behind the hub's own sign-in and table of who may."""

from collections.abc import Callable
from typing import TypeVar

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver
from django.utils.translation import gettext_lazy as _

from sync.hub.web.access import ACCESS, has_proven, may_open
from sync.hub.web.models import Operator

_View = TypeVar("_View", bound=Callable[..., HttpResponseBase])
# The hub has its own, with a second factor.
_ELSEWHERE = frozenset({"login", "logout", "password_change", "password_change_done"})


class HubAdmin(AdminSite):
    site_header = site_title = "Gapura"
    index_title = _("Offices, sites and doors")

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        # Doors hang on offices: they go one by one, with what goes with them shown before.
        self.disable_action("delete_selected")

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        return isinstance(user, Operator) and has_proven(user) and may_open(user, ACCESS["admin"])

    def get_urls(self) -> list[URLResolver | URLPattern]:
        return [
            found
            for found in super().get_urls()
            if not (isinstance(found, URLPattern) and found.name in _ELSEWHERE)
        ]

    def admin_view(self, view: _View, cacheable: bool = False) -> _View:
        """Django's would send strangers to a sign-in of the admin's own."""
        inner = super().admin_view(view, cacheable)
        vars(inner)["login_url"] = None
        return inner
