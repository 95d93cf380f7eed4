"""The list of licenses and the SBOM say what is installed, and nothing is under another license."""

import json
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from tests import materials
from tests.materials import Package, read_packages

pytestmark = pytest.mark.once

FILES = ("requirements.txt", "requirements-dev.txt")


@pytest.mark.parametrize("file", FILES)
def test_the_locked_packages_are_the_installed_ones(file: str) -> None:
    packages = [each for each in read_packages(file) if each.is_needed_here]
    assert len(packages) > 20
    for package in packages:
        assert metadata.version(package.name) == package.version, package.name
        assert package.hashes, package.name


@pytest.mark.parametrize("file", FILES)
def test_each_license_is_allowed(file: str) -> None:
    for package in read_packages(file):
        names = set(re.split(r" AND | OR | WITH |[()]", package.license)) - {""}
        assert names <= materials.ALLOWED, package.name


def test_a_package_without_a_license_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(materials, "_READ", {})
    with pytest.raises(LookupError, match="cobble names no license"):
        _ = Package("cobble", "1", (), is_needed_here=True).license


def test_the_list_is_up_to_date() -> None:
    assert materials.LIST.read_text(encoding="utf-8") == materials.write_list(), "run `make sbom`"


def test_fonts_keep_their_licenses_beside_them() -> None:
    fonts = materials.REPOSITORY / "portal" / "static" / "portal" / "fonts"
    families = {path.name.removesuffix("-OFL.txt") for path in fonts.glob("*-OFL.txt")}
    for font in fonts.glob("*.woff2"):
        assert any(font.name.startswith(family) for family in families), font.name
    assert len(families) == len(materials._FILES)


def test_the_sbom_names_each_package_once(tmp_path: Path) -> None:
    file = tmp_path / "sbom.cdx.json"
    before = materials.LIST.read_bytes()
    subprocess.run(
        [sys.executable, "-m", "tests.materials", str(file)],
        cwd=materials.REPOSITORY,
        check=True,
    )
    assert materials.LIST.read_bytes() == before
    sbom = json.loads(file.read_text(encoding="utf-8"))
    assert (sbom["bomFormat"], sbom["specVersion"]) == ("CycloneDX", "1.6")
    named = [component["bom-ref"] for component in sbom["components"]]
    assert len(named) == len(set(named)) == len(read_packages("requirements.txt"))
    assert sbom["dependencies"][0]["dependsOn"] == named
    assert all(component["licenses"][0]["expression"] for component in sbom["components"])
    assert sbom == materials.write_sbom(read_packages("requirements.txt")), "always the same"
