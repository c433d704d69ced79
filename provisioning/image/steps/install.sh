#!/bin/sh
# Makes a Debian root file system a kiosk's. Runs inside it, as root, for both builders.
#
#   sh install.sh LAYOUT [BOARD]
#
# Beside this file lie: wheels/ with the libraries and the project itself, and wheels.sha256; tools/;
# units/, which is systemd/ of the checkout; release-keys and libraries; overlay/ and a tree for each LAYOUT and BOARD.
set -eu
here=$(dirname "$(readlink -f "$0")")
export LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1

copy_tree() {
    cp -R --no-preserve=ownership,timestamps "$1/." /
}

install_units() {
    for kind in service mount path timer; do
        install -D -m 0644 -t /usr/lib/systemd/system "$here"/units/*."$kind"
    done
    install -D -m 0644 "$here/units/gapura.sysusers" /usr/lib/sysusers.d/gapura.conf
    install -D -m 0644 "$here/units/gapura.tmpfiles" /usr/lib/tmpfiles.d/gapura.conf
    install -D -m 0644 -t /usr/lib/udev/rules.d "$here"/units/*.rules
    systemd-sysusers
}

# Modules are compiled by hash, not by time: the root is never written, and two builds are the same.
# pip would do it too, and takes seven minutes where an emulated processor runs it.
install_program() {
    (cd "$here/wheels" && sha256sum --quiet --strict --check ../wheels.sha256)
    python3 -m venv --without-pip --system-site-packages /opt/gapura
    # One process for all: an emulated processor takes seconds to start each.
    PYTHONPATH=$(echo "$here"/tools/installer-*.whl) /opt/gapura/bin/python - "$here"/wheels/*.whl <<'END'
import sys
import sysconfig

from installer import install
from installer.destinations import SchemeDictionaryDestination
from installer.sources import WheelFile

place = SchemeDictionaryDestination(
    sysconfig.get_paths(), interpreter=sys.executable, script_kind="posix"
)
for wheel in sys.argv[1:]:
    with WheelFile.open(wheel) as source:
        install(source, place, additional_metadata={"INSTALLER": b"gapura\n"})
END
    # Where a wheel was fetched from is nobody's business on the kiosk.
    find /opt/gapura -name direct_url.json -delete
    /opt/gapura/bin/python -m compileall -q --invalidation-mode unchecked-hash /opt/gapura/lib
    # Each library finds what it needs of the system, or the image is not built.
    /opt/gapura/bin/python -c 'import apsw, cbor2, cryptography, cv2, pyzbar.pyzbar, systemd.daemon, zxingcpp
import kiosk.__main__, provisioning.__main__, sync.uplink.__main__'
    # By which keys updates are known, and which libraries they may count on.
    install -m 0644 "$here/release-keys" "$here/libraries" /opt/gapura/
    for command in /opt/gapura/bin/gapura-*; do
        ln -sf "$command" /usr/bin/
    done
    # What updates bring is run by the link that gapura-release.service keeps.
    for command in gapura-kiosk gapura-sync; do
        ln -sf "/run/gapura-release/current/bin/$command" /usr/bin/
    done
}

enable_units() {
    for unit in /usr/lib/systemd/system/gapura-*; do
        # A unit without [Install] is called by another.
        if grep -q '^\[Install\]' "$unit"; then
            systemctl enable --quiet "${unit##*/}"
        fi
    done
    # Nobody signs in: no account has a password, and there is nothing to look at a console with.
    systemctl mask --quiet getty@.service serial-getty@.service console-getty.service
    # Nothing installs packages on a root that forgets, and no swap is ever made.
    systemctl mask --quiet apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer \
        e2scrub_all.timer e2scrub_reap.service swap.target
}

harden() {
    passwd --quiet --lock root
    : >/etc/machine-id
    rm -f /var/lib/dbus/machine-id
    echo gapura >/etc/hostname
    printf '127.0.0.1 localhost gapura\n::1 localhost gapura\n' >/etc/hosts
    ln -sf /run/NetworkManager/resolv.conf /etc/resolv.conf
    mkdir -p /boot/firmware /data /var/lib/gapura /var/lib/gapura-sync \
        /var/lib/gapura-firstboot /var/lib/gapura-guard /var/lib/gapura-releases /etc/gapura \
        /etc/NetworkManager/system-connections
}

copy_tree "$here/overlay"
for tree in "$@"; do
    copy_tree "$here/$tree"
done
install_units
install_program
enable_units
harden
