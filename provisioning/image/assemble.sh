#!/bin/sh
# From a Debian root file system to the image's: called in a mount namespace of its own, as root
# there, so that nothing is left mounted and no real root is needed.
#
#   sh assemble.sh BASE.tar STEPS WORK LAYOUT BOARD
#
# WORK gets root.squashfs, vmlinuz, initrd.img and packages.status.
set -eu
base=$1 steps=$2 work=$3 layout=$4 board=$5
root=$work/root

mkdir -p "$root"
tar -C "$root" --numeric-owner --xattrs --xattrs-include='*' --exclude='./dev/*' -xf "$base"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mkdir "$root/gapura-steps"
mount --bind -o ro "$steps" "$root/gapura-steps"
mount -t tmpfs tmpfs "$root/tmp"
chroot "$root" /bin/sh /gapura-steps/install.sh "$layout" "$board"
kernel=$(basename "$root"/boot/vmlinuz-*)
if [ -L "$root/usr/sbin/update-initramfs" ]; then
    rm "$root/usr/sbin/update-initramfs"
    chroot "$root" dpkg-divert --quiet --local --rename --remove /usr/sbin/update-initramfs
fi
rm -f "$root"/boot/initrd.img-*
chroot "$root" update-initramfs -c -k "${kernel#vmlinuz-}"
umount "$root/tmp" "$root/gapura-steps" "$root/proc"
umount -R "$root/dev"
rmdir "$root/gapura-steps"

cp "$root/boot/$kernel" "$work/vmlinuz"
cp "$root/boot/initrd.img-${kernel#vmlinuz-}" "$work/initrd.img"
cp "$root/var/lib/dpkg/status" "$work/packages.status"
rm -rf "$root"/boot/* "$root"/var/cache/* "$root"/var/log/* "$root"/var/lib/apt/lists/* "$root"/tmp/*
mkdir -p "$root/boot/firmware"
# SOURCE_DATE_EPOCH is the time of every file and of the file system.
mksquashfs "$root" "$work/root.squashfs" -noappend -no-progress -quiet -comp zstd -Xcompression-level 15
rm -rf "$root"
