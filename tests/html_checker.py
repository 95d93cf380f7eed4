"""The W3C's HTML checker (vnu), if this machine has it."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

# It runs for a second: optimizing its code would take longer than running it.
JAVA = ("-Xss8m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
# Messages of vnu about valid HTML that are only a matter of taste.
TASTE = ("Trailing slash on void elements",)


@pytest.fixture(scope="session")
def validate_html(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Mapping[str, str]], None]:
    """Assert that pages, given as {name: html}, are valid by the W3C's checker (vnu)."""
    installed = (
        Path(__file__).resolve().parent.parent / ".boot/node_modules/vnu-jar/build/dist/vnu.jar"
    )
    jar = Path(os.environ.get("VNU_JAR", installed))
    java = shutil.which("java")
    if not java or not jar.is_file():
        pytest.skip(f"no {'HTML checker (vnu-jar of npm)' if java else 'Java'} on this machine")

    def validate(pages: Mapping[str, str]) -> None:
        folder = tmp_path_factory.mktemp("html")
        for number, html in enumerate(pages.values()):
            (folder / f"{number}.html").write_text(html, encoding="utf-8")
        checked = subprocess.run(
            [
                java,
                *JAVA,
                "-jar",
                jar,
                "--format",
                "json",
                "--stdout",
                "--exit-zero-always",
                folder,
            ],
            capture_output=True,
            check=True,
            text=True,
        )
        names = list(pages)
        faults = [
            f"{names[int(Path(message['url']).stem)]}:{message.get('lastLine', '?')}: "
            f"{message['message']} {message.get('extract', '')!r}"
            for message in json.loads(checked.stdout)["messages"]
            if not message["message"].startswith(TASTE)
        ]
        assert not faults, "\n".join(faults)

    return validate
