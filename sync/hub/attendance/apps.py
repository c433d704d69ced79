from django.apps import AppConfig


class AttendanceConfig(AppConfig):
    name = "sync.hub.attendance"
