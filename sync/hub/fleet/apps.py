from django.apps import AppConfig


class FleetConfig(AppConfig):
    name = "sync.hub.fleet"
