from django.apps import AppConfig
from django.db.models.signals import post_migrate


class WebConfig(AppConfig):
    name = "sync.hub.web"

    def ready(self) -> None:
        # Models cannot be imported before all apps are there.
        from sync.hub.web.roles import write_roles  # noqa: PLC0415

        post_migrate.connect(write_roles, dispatch_uid="sync.hub.web.roles")
