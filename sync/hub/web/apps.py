from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "sync.hub.web"
