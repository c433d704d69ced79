"""Writes the image: a file with a partition table, boot files, root and an empty data partition.

Nothing is mounted: mtools writes FAT into a file, mke2fs an empty ext4.
"""

import os
import shutil
from pathlib import Path

from provisioning.image import layout
from provisioning.image.root import Root
from provisioning.image.tools import run

# Every card has the same: what tells cards apart is made by the machine itself at its first boot.
_DATA_UUID = "6e0a4b5c-7a0d-4f0e-9d25-676170757261"
_BOOT_SERIAL = "67617075"
_CHUNK_BYTES = 1024 * 1024


def write_disk(root: Root, image: Path, work: Path, *, source_date_epoch: int, log: Path) -> None:
    """Write the image beside its draft, then put it in its place.

    Raises:
        CannotBuild: a program failed.
    """
    plan = layout.plan(root.squashfs.stat().st_size)
    boot = _boot_files(root, plan, work, source_date_epoch, log)
    data = _empty_data(plan, work, source_date_epoch, log)
    draft = image.with_suffix(".new")
    with draft.open("wb") as disk:
        disk.truncate(plan.size_bytes)
    run(["sfdisk", "--quiet", draft], log=log, given=layout.table(plan))
    with draft.open("r+b") as disk:
        for part, source in ((plan.boot, boot), (plan.root, root.squashfs), (plan.data, data)):
            _copy_sparse(source, disk.fileno(), part.start_bytes)
    draft.replace(image)
    boot.unlink()
    data.unlink()


def _boot_files(
    root: Root, plan: layout.Layout, work: Path, source_date_epoch: int, log: Path
) -> Path:
    fat = work / "boot.vfat"
    fat.unlink(missing_ok=True)
    with fat.open("wb") as empty:
        empty.truncate(plan.boot.size_bytes)
    invariant = {"SOURCE_DATE_EPOCH": str(source_date_epoch)}
    make = ["mkfs.vfat", "-F", "32", "-n", layout.BOOT_LABEL, "-i", _BOOT_SERIAL, "--invariant"]
    run([*make, fat], log=log, environment=invariant)
    folder = work / "boot"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    shutil.copy(root.kernel, folder / "vmlinuz")
    shutil.copy(root.initramfs, folder / "initrd.img")
    (folder / "cmdline.txt").write_text(layout.kernel_command_line(plan) + "\n")
    for file in sorted(folder.iterdir()):
        os.utime(file, (source_date_epoch, source_date_epoch))
        run(["mcopy", "-m", "-i", fat, file, "::"], log=log, environment=invariant)
    return fat


def _empty_data(plan: layout.Layout, work: Path, source_date_epoch: int, log: Path) -> Path:
    ext4 = work / "data.ext4"
    ext4.unlink(missing_ok=True)
    with ext4.open("wb") as empty:
        empty.truncate(plan.data.size_bytes)
    run(
        [
            *("mke2fs", "-q", "-t", "ext4", "-L", layout.DATA_LABEL, "-U", _DATA_UUID),
            *("-E", f"hash_seed={_DATA_UUID},lazy_itable_init=0,lazy_journal_init=0"),
            *("-m", "1", ext4),
        ],
        log=log,
        # mke2fs before 1.47.1 knows the first name alone, later ones the second.
        environment={
            "E2FSPROGS_FAKE_TIME": str(source_date_epoch),
            "SOURCE_DATE_EPOCH": str(source_date_epoch),
        },
    )
    return ext4


def _copy_sparse(source: Path, disk: int, offset: int) -> None:
    """Blocks of zeros are left as holes."""
    zeros = bytes(_CHUNK_BYTES)
    with source.open("rb") as content:
        while chunk := content.read(_CHUNK_BYTES):
            if chunk != zeros[: len(chunk)]:
                os.pwrite(disk, chunk, offset)
            offset += len(chunk)
