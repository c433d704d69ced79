from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "sync.hub.people"
