from django.apps import AppConfig


class TracingConfig(AppConfig):
    name = "sync.hub.tracing"
