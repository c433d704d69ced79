"""The hub as it is installed: its settings and its keys."""

from django.conf import settings

from sync.hub.environment import Environment
from sync.hub.home import Home
from sync.hub.keyring import Keyring, load_keyring


def environment() -> Environment:
    return settings.ENVIRONMENT


def home() -> Home:
    return Home(environment().home)


def keyring() -> Keyring:
    """Raises HomeFault where the keys are not as they must be."""
    return load_keyring(home().keys)
