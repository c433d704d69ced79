from django.apps import AppConfig


class IngestConfig(AppConfig):
    name = "sync.hub.ingest"
