"""What is written for Raspberry Pi's own builder: as near to a build as one can get without it.

Its archive is not needed: syntax, the rules of its documentation for layers, and that it installs
by the same steps.
"""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from provisioning.image import layout, recipe

FOLDER = recipe.STEPS.parent / "rpi-image-gen"
CONFIGURATIONS = sorted((FOLDER / "config").glob("*.yaml"))
LAYERS = [*sorted((FOLDER / "layer").glob("*.yaml")), *sorted((FOLDER / "image").glob("*.yaml"))]
# Layers of rpi-image-gen itself that we build on, by their X-Env-Layer-Name.
BUILT_IN = {"rpi4", "rpizero2w", "image-rota", "image-base", "trixie-minbase"}
_NAME = re.compile(r"[a-z][a-z0-9_]*")


def _load(path: Path) -> dict[str, Any]:
    content = yaml.safe_load(path.read_text())
    assert isinstance(content, dict)
    return content


def _metadata(path: Path) -> dict[str, str]:
    """Read the fields between METABEGIN and METAEND as deb822 has them."""
    text = path.read_text()
    assert text.startswith("# METABEGIN\n")
    lines = text.partition("# METABEGIN\n")[2].partition("# METAEND\n")[0].splitlines()
    fields: dict[str, str] = {}
    name = ""
    for line in lines:
        assert line.startswith("#")
        inner = line[2:]
        if inner.startswith(" "):
            fields[name] += inner
        elif inner:
            name, _, value = inner.partition(":")
            fields[name] = value.strip()
    return fields


@pytest.mark.parametrize("path", LAYERS, ids=lambda path: path.stem)
def test_a_layer_says_its_name_its_version_and_its_variables(path: Path) -> None:
    fields = _metadata(path)
    assert fields["X-Env-Layer-Name"] == path.stem
    assert re.fullmatch(r"\d+\.\d+\.\d+", fields["X-Env-Layer-Version"])
    for name in fields:
        if found := re.fullmatch(r"X-Env-Var-([a-z_]+)", name):
            variable = found[1]
            assert _NAME.fullmatch(variable)
            assert {f"{name}-{end}" for end in ("Desc", "Required", "Valid", "Set")} <= set(fields)
    required = fields.get("X-Env-Layer-Requires", "")
    assert set(filter(None, required.split(","))) <= BUILT_IN


@pytest.mark.parametrize("path", CONFIGURATIONS, ids=lambda path: path.stem)
def test_a_configuration_names_layers_that_there_are(path: Path) -> None:
    content = _load(path)
    ours = {_metadata(layer)["X-Env-Layer-Name"] for layer in LAYERS}
    asked = {content["device"]["layer"], content["image"]["layer"], *content["layer"].values()}
    assert asked <= BUILT_IN | ours
    assert "gapura-kiosk" in asked


def test_each_layout_is_a_tree_of_the_steps_and_one_that_the_layer_allows() -> None:
    layer = _metadata(FOLDER / "layer" / "gapura-kiosk.yaml")
    allowed = layer["X-Env-Var-layout-Valid"].removeprefix("keywords:").split(",")
    used = {_load(path)["gapura"]["layout"] for path in CONFIGURATIONS}
    assert used == set(allowed)
    for name in (*allowed, "pi"):
        assert (recipe.STEPS / name).is_dir(), name


def test_it_installs_the_same_packages_by_the_same_script() -> None:
    content = _load(FOLDER / "layer" / "gapura-kiosk.yaml")["mmdebstrap"]
    assert tuple(content["packages"]) == recipe.packages("packages.list", "packages-pi.list")
    hooks = content["customize-hooks"]
    assert 'chroot "$1" sh /gapura-steps/install.sh "$IGconf_gapura_layout" pi' in hooks
    assert (recipe.STEPS / "install.sh").is_file()


def test_one_slot_has_the_partitions_that_its_fstab_and_its_kernel_ask_for() -> None:
    genimage = (FOLDER / "image" / "genimage.cfg.in").read_text()
    parts = re.findall(r"^  partition (\w+) {", genimage, re.MULTILINE)
    assert parts == ["boot", "root", "data"]
    assert f"disk-signature = 0x{layout.SIGNATURE}" in genimage
    for label in (layout.BOOT_LABEL, layout.DATA_LABEL):
        assert f'label = "{label}"' in genimage
    hook = (FOLDER / "image" / "gapura-one-slot.d" / "hooks" / "preimage05-genimage").read_text()
    assert f"PARTUUID={layout.plan(1).root.partuuid}" in hook


def test_hooks_can_be_run() -> None:
    hooks = [path for path in FOLDER.rglob("hooks/*") if path.is_file()]
    assert hooks
    assert all(path.stat().st_mode & 0o111 for path in hooks)


def test_two_slots_share_what_one_slot_keeps_on_its_data_partition() -> None:
    shared = {
        line.removeprefix("Path=")
        for line in (recipe.STEPS / "two-slots/etc/rpi-image-gen/slot-shared.d/50-gapura.conf")
        .read_text()
        .splitlines()
        if line.startswith("Path=")
    }
    kept = {
        line.split()[1]
        for line in (recipe.STEPS / "one-slot/etc/fstab").read_text().splitlines()
        if line.startswith("/data/")
    }
    assert shared == kept
