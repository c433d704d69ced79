from django.apps import AppConfig


class RulesConfig(AppConfig):
    name = "sync.hub.rules"
