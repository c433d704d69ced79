from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "sync.hub.privacy"

    def ready(self) -> None:
        from sync.hub.privacy.hearing import listen  # noqa: PLC0415

        listen()
