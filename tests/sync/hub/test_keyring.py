import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync.hub.errors import HomeFault
from sync.hub.home import Home
from sync.hub.key_making import OFFLINE_ROOT, make_keys
from sync.hub.keyring import KEY_LIST, ROOT_PUBLIC, load_keyring
from sync.wire.keys import Purpose
from tests.sync.hub.conftest import NOW


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    make_keys(tmp_path / "keys", NOW)
    return tmp_path / "keys"


def test_a_new_hub_has_a_key_for_every_purpose(keys: Path) -> None:
    """All are in force; the private halves are the hub's own business."""
    keyring = load_keyring(keys)
    for purpose in Purpose:
        assert keyring.key_list.newest(purpose).is_valid_at(int(NOW.timestamp()))
    for path in keys.rglob("*.pem"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_hub_runs_without_root_and_recovery(keys: Path) -> None:
    """They belong on an offline medium."""
    for path in (keys / OFFLINE_ROOT).iterdir():
        path.unlink()
    (keys / OFFLINE_ROOT).rmdir()
    assert load_keyring(keys).key_list.version == 1


def test_keys_are_made_once(keys: Path) -> None:
    """New keys would make every door and every pass a stranger."""
    before = (keys / KEY_LIST).read_bytes()
    assert not make_keys(keys, NOW)
    assert (keys / KEY_LIST).read_bytes() == before


def test_keys_that_others_can_read_are_refused(keys: Path) -> None:
    """The message says how to mend it."""
    next(keys.glob("pass-*.pem")).chmod(0o640)
    with pytest.raises(HomeFault, match="chmod 600"):
        load_keyring(keys)


def test_what_is_missing_or_wrong_is_named(keys: Path, tmp_path: Path) -> None:
    """No folder, another root, a file that is no key, a key of another kind, a missing one."""
    with pytest.raises(HomeFault, match="migrate"):
        load_keyring(tmp_path / "nothing")
    receipt, sealing = next(keys.glob("receipt-*.pem")), next(keys.glob("sealing-*.pem"))
    content = receipt.read_bytes()
    for spoilt, other, why in (
        (receipt, b"no key", "not a private key"),
        (receipt, sealing.read_bytes(), "not an Ed25519 key"),
        (sealing, content, "not an X25519 key"),
    ):
        kept = spoilt.read_bytes()
        spoilt.write_bytes(other)
        with pytest.raises(HomeFault, match=why):
            load_keyring(keys)
        spoilt.write_bytes(kept)
    receipt.unlink()
    with pytest.raises(HomeFault, match="receipt-"):
        load_keyring(keys)
    (keys / ROOT_PUBLIC).write_bytes(Ed25519PrivateKey.generate().public_key().public_bytes_raw())
    with pytest.raises(HomeFault, match="not signed"):
        load_keyring(keys)


def test_the_secret_is_made_once(tmp_path: Path) -> None:
    """A new one would sign everybody out."""
    home = Home(tmp_path / "home")
    assert not home.read_secret()
    home.prepare()
    secret = home.read_secret()
    home.prepare()
    assert len(secret) >= 50
    assert home.read_secret() == secret
    assert stat.S_IMODE(home.secret.stat().st_mode) == 0o600
