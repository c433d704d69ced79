"""Who may look at the pages."""

from django.contrib.auth.models import AbstractUser


class Operator(AbstractUser):
    """A person at Diskominfo or at an office; a class of our own, so that roles can follow."""
