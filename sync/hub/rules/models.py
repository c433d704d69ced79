"""What was published stays as it was: doors decided by it."""

from django.db import models

from sync.hub.octets import OctetsField


class Rulebook(models.Model):
    """`document` is the JSON text byte for byte, as it goes down to the doors."""

    version = models.BigIntegerField(unique=True)
    document = OctetsField()
    effective_from = models.DateTimeField()
    published_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"rulebook {self.version}"
