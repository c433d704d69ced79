from django.apps import AppConfig


class HealthConfig(AppConfig):
    name = "sync.hub.fleet.health"
