"""What a release is made of: each package with its license, and an SBOM in CycloneDX's format.

`python -m tests.materials FILE` writes the SBOM, as `make sbom` does, and docs/licenses.md.
Packages come from the locked requirements, licenses from the metadata of what is installed.
"""

import json
import re
import sys
import tomllib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

REPOSITORY = Path(__file__).resolve().parent.parent
LIST = REPOSITORY / "docs" / "licenses.md"
#: SPDX names: https://spdx.org/licenses/. All let a hospital run and change the portal. The LGPL
#: and the MPL ask something only of those who change that package and pass it on.
ALLOWED = frozenset(
    {
        *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT-0", "MIT-CMU"),
        *("LGPL-2.1-or-later", "LGPL-3.0-only", "MPL-2.0", "OFL-1.1", "PSF-2.0"),
    }
)
#: What packages write that have no SPDX expression, by classifier or by their own words.
_WRITTEN = {
    "License :: OSI Approved :: Apache Software License": "Apache-2.0",
    "License :: OSI Approved :: GNU Lesser General Public License v2 or later (LGPLv2+)": (
        "LGPL-2.1-or-later"
    ),
    "License :: OSI Approved :: MIT License": "MIT",
    "License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "License :: OSI Approved :: Python Software Foundation License": "PSF-2.0",
    "BSD 2-Clause License": "BSD-2-Clause",
}
#: Packages that name no license, or not which BSD license: read in their license files. And those
#: that other systems or older Pythons need, so that they may not be installed here.
_READ = {
    "async-timeout": "Apache-2.0",
    "axe-playwright-python": "MIT",
    "backports-asyncio-runner": "PSF-2.0",
    "cobble": "BSD-2-Clause",
    "colorama": "BSD-3-Clause",
    "django-zeal": "MIT",
    "exceptiongroup": "MIT",
    "fido2": "BSD-2-Clause AND Apache-2.0 AND MPL-2.0",
    "pystemmer": "MIT AND BSD-3-Clause",
    "pytest-django": "BSD-3-Clause",
    "python-dateutil": "Apache-2.0 OR BSD-3-Clause",
    "qrcode": "BSD-3-Clause",
    "segno": "BSD-3-Clause",
    "sqlparse": "BSD-3-Clause",
    "uvloop": "MIT OR Apache-2.0",
}
#: What lies in the repository and is not ours.
_FILES = {
    "Atkinson Hyperlegible Next (portal/static/portal/fonts/)": "OFL-1.1",
    "Newsreader (portal/static/portal/fonts/)": "OFL-1.1",
}
_ABOUT = """\
Written by `make sbom`, which also writes `sbom.cdx.json`: an SBOM in CycloneDX's format, with the
versions and hashes of what the site runs on. A test holds this list against the installed packages,
and refuses a license that `tests/materials.py` doesn't allow."""


@dataclass(frozen=True)
class Package:
    name: str
    version: str
    #: SHA-256 of each file that may be installed.
    hashes: tuple[str, ...]
    #: Whether a package of this name and version belongs on a machine like this one.
    is_needed_here: bool

    @property
    def license(self) -> str:
        """An SPDX expression. Raise LookupError if there is none."""
        if self.name in _READ:
            return _READ[self.name]
        said: Any = metadata.metadata(self.name)  # a Message, which the type does not say
        if expression := said.get("License-Expression"):
            return str(expression)
        written: list[str] = [said.get("License") or "", *(said.get_all("Classifier") or [])]
        for each in written:
            if each in ALLOWED:
                return each
        for each in written:
            if each in _WRITTEN:
                return _WRITTEN[each]
        raise LookupError(f"{self.name} names no license: read it, and add it in {__name__}.")


def read_packages(file: str) -> list[Package]:
    """Return the packages of a file of locked requirements."""
    text = (REPOSITORY / file).read_text(encoding="utf-8").replace("\\\n", "")
    return [_read_package(line) for line in text.splitlines() if "==" in line]


def _read_package(line: str) -> Package:
    found = Requirement(line.split("--hash", maxsplit=1)[0])
    (version,) = found.specifier
    hashes = tuple(re.findall(r"--hash=sha256:([0-9a-f]{64})", line))
    needed = found.marker is None or found.marker.evaluate()
    return Package(found.name, version.version, hashes, needed)


def write_sbom(packages: list[Package]) -> dict[str, Any]:
    """Return the SBOM. The same packages give the same one, so that two can be compared."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    components = [_component(package) for package in packages]
    named = json.dumps([project["name"], project["version"], components])
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, named)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": project["name"],
                "name": project["name"],
                "version": project["version"],
            }
        },
        "components": components,
        "dependencies": [
            {"ref": project["name"], "dependsOn": [each["bom-ref"] for each in components]}
        ],
    }


def _component(package: Package) -> dict[str, Any]:
    address = f"pkg:pypi/{package.name}@{package.version}"
    return {
        "type": "library",
        "bom-ref": address,
        "name": package.name,
        "version": package.version,
        "licenses": [{"expression": package.license}],
        "purl": address,
        "properties": [{"name": "portal:sha256", "value": each} for each in package.hashes],
    }


def write_list() -> str:
    """Return docs/licenses.md. It names no versions, so that an upgrade rarely changes it."""
    served, tools = read_packages("requirements.txt"), read_packages("requirements-dev.txt")
    return "\n".join(
        [
            "# Licenses",
            "",
            _ABOUT,
            "",
            "## What the site runs on",
            "",
            *_table({**{each.name: each.license for each in served}, **_FILES}),
            "",
            "## What only developers and tests use",
            "",
            *_table({each.name: each.license for each in tools}),
            "",
        ]
    )


def _table(licenses: dict[str, str]) -> Iterator[str]:
    yield from ("| package | license |", "| --- | --- |")
    for name, license_ in sorted(licenses.items(), key=lambda row: row[0].lower()):
        yield f"| {name} | {license_} |"


if __name__ == "__main__":
    sbom = write_sbom(read_packages("requirements.txt"))
    Path(sys.argv[1]).write_text(json.dumps(sbom, indent=2) + "\n", encoding="utf-8")
    LIST.write_text(write_list(), encoding="utf-8")
