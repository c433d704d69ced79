"""Devices speak under /v1/; everything else is for people."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from sync.hub.fleet.views import enrol
from sync.hub.ingest.views import sync
from sync.hub.web import kiosks, signing_in, standing, visits

urlpatterns = [
    path("v1/sync", sync, name="sync"),
    path("v1/enrol", enrol, name="enrol"),
    path("healthz", standing.healthz, name="healthz"),
    path("", visits.page, name="visits"),
    path("kiosks/", kiosks.page, name="kiosks"),
    path("sign-in/", signing_in.SignIn.as_view(), name="sign-in"),
    path("sign-out/", LogoutView.as_view(), name="sign-out"),
    path("language/", signing_in.choose_language, name="language"),
]
