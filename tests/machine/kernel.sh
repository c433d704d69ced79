#!/usr/bin/env bash
# Builds User-Mode Linux from Debian's source of the kernel: `linux` in the folder that is named.
# Eight minutes of one core, once.
set -euo pipefail
place=$1
version=6.12
mkdir -p "$place"
cd "$place"
if ! command -v flex >/dev/null || ! command -v bison >/dev/null; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends flex bison bc make >/dev/null
fi
work=$(mktemp -d "$place/build-XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get download -qq -o APT::Sandbox::User=root "linux-source-$version"
dpkg-deb --fsys-tarfile "linux-source-$version"_*.deb | tar x --wildcards './usr/src/linux-source-*.tar.xz'
tar xf "usr/src/linux-source-$version.tar.xz"
cd "linux-source-$version"
make ARCH=um defconfig >/dev/null
# PCI over virtio is what gives User-Mode Linux memory of devices, on which GPIO depends.
scripts/config -e PCI -e UML_PCI_OVER_VIRTIO -e VIRTIO_UML -e GPIOLIB -e GPIO_CDEV -e GPIO_SIM -e CONFIGFS_FS \
    -e IRQ_SIM -e WATCHDOG -e SOFT_WATCHDOG -e HOSTFS -e TMPFS -e DEVTMPFS -d MODULES -d SOUND -d NET -d DEBUG_INFO
make ARCH=um olddefconfig >/dev/null
for wanted in GPIO_SIM GPIO_CDEV SOFT_WATCHDOG HOSTFS; do
    grep -q "^CONFIG_$wanted=y" .config || { echo "the kernel of Debian has no $wanted" >&2; exit 1; }
done
make ARCH=um -j"$(nproc)" linux >build.log 2>&1 || { tail -20 build.log >&2; exit 1; }
strip -o "$place/linux.new" linux
mv "$place/linux.new" "$place/linux"
