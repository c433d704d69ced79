"""The hub as it is installed: its settings and its keys."""

from django.conf import settings

from sync.hub.device_ca import CA_FILE, DeviceCa, read_ca
from sync.hub.environment import Environment
from sync.hub.home import Home, read_private
from sync.hub.keyring import Keyring, load_keyring


def environment() -> Environment:
    return settings.ENVIRONMENT


def home() -> Home:
    return Home(environment().home)


def keyring() -> Keyring:
    """Raises HomeFault where the keys are not as they must be."""
    return load_keyring(home().keys)


def people_key() -> bytes:
    """Return the key under which personnel numbers are hashed.

    Raises:
        HomeFault: it is not there, or others can read it.
    """
    return read_private(home().people_key)


def device_ca() -> DeviceCa | None:
    """Return the CA that kiosks are to know the hub by; None where none was made or named.

    Raises:
        HomeFault: its file cannot be read.
    """
    named = environment().device_ca
    made = home().tls / CA_FILE
    return read_ca(named or made) if named or made.exists() else None
