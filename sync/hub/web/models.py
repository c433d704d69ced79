"""Who may look at the pages."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class Operator(AbstractUser):
    """A person at Diskominfo or at an office. With an `office` they see that of no other one."""

    office = models.ForeignKey(
        "fleet.Office", models.PROTECT, null=True, blank=True, related_name="operators"
    )
