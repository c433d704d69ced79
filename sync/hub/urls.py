"""Devices speak under /v1/; everything else is for people.

A name that has no row in `sync.hub.web.access` opens for nobody.
"""

from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.urls import path

from sync.hub.fleet.views import ca, enrol
from sync.hub.ingest.views import sync
from sync.hub.web import (
    card,
    devices,
    kiosk,
    kiosks,
    look_ups,
    metrics,
    people,
    people_import,
    roll_out,
    second_factor,
    signing_in,
    standing,
    stick,
    todo,
    visits,
)
from sync.hub.web.phone import links, pass_page, posters, visitor

urlpatterns = [
    path("v1/sync", sync, name="sync"),
    path("v1/enrol", enrol, name="enrol"),
    path("v1/ca", ca, name="ca"),
    path("healthz", standing.healthz, name="healthz"),
    path("metrics", metrics.page, name="metrics"),
    path("", todo.page, name="todo"),
    path("take/", todo.take_item, name="take"),
    path("visits/", visits.page, name="visits"),
    path("kiosks/", kiosks.page, name="kiosks"),
    path("kiosks/<int:pk>/", kiosk.page, name="kiosk"),
    path("devices/", devices.page, name="devices"),
    path("devices/<int:pk>/", devices.decide, name="device"),
    path("doors/<int:pk>/card/", card.page, name="card"),
    path("roll-out/", roll_out.page, name="roll-out"),
    path("roll-out/<int:pk>/", roll_out.office_page, name="roll-out-office"),
    path("admin/", admin.site.urls),
    path("stick/", stick.page, name="stick"),
    path("p/", pass_page.page, name="pass-page"),
    path("p/claim", pass_page.claim, name="pass-claim"),
    path("p/clock", pass_page.hub_clock, name="pass-clock"),
    path("p/worker.js", pass_page.worker, name="pass-worker"),
    path("p/manifest.json", pass_page.manifest, name="pass-manifest"),
    path("v/<str:door>/", visitor.page, name="visitor-registration"),
    path("phone-links/", links.page, name="phone-links"),
    path("posters/", posters.page, name="posters"),
    path("posters/<str:door>/", posters.poster, name="poster"),
    path("sign-in/", signing_in.SignIn.as_view(), name="sign-in"),
    path("sign-out/", LogoutView.as_view(), name="sign-out"),
    path("second-factor/", second_factor.ask, name="second-factor"),
    path("second-factor/setup/", second_factor.set_up, name="second-factor-setup"),
    path("people/", people.page, name="people"),
    path("people/import/", people_import.page, name="people-import"),
    path("look-ups/", look_ups.page, name="look-ups"),
    path("language/", signing_in.choose_language, name="language"),
]
