"""The image and its services start what the units start, with no secret in the environment."""

import json
import re
from typing import Any

import pytest
import yaml

from portal.config.server import GRANIAN_WORDS
from tests.deploy.files import DEPLOY, Unit

pytestmark = pytest.mark.once
IMAGE = (DEPLOY / "container/Containerfile").read_text()
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(
    (DEPLOY / "container/compose.yaml").read_text()
)["services"]
OURS = ("setup", "site", "worker")


def test_the_image_starts_the_site_with_the_words_that_tests_and_demo_use() -> None:
    found = re.search(r"^CMD (\[.*\])$", IMAGE.replace("\\\n", ""), re.MULTILINE)
    assert found
    words = json.loads(found[1])
    assert " ".join(GRANIAN_WORDS) in " ".join(words)
    assert re.search("^USER portal$", IMAGE, re.MULTILINE), "not as root"


def test_the_services_run_what_the_units_run() -> None:
    for line in Unit.read("portal-setup").values("ExecStart"):
        assert line.removeprefix("/opt/portal/") in SERVICES["setup"]["command"][-1]
    (work,) = Unit.read("portal-worker").values("ExecStart")
    assert work.removeprefix("/opt/portal/").split() == SERVICES["worker"]["command"]
    assert {SERVICES[name]["restart"] for name in ("site", "worker")} == {"always"}


@pytest.mark.parametrize("name", OURS)
def test_each_service_is_confined_and_gets_its_secrets_as_files(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    given = {
        key for key in service["environment"] if re.search("KEY|SECRET|PASSWORD|DATABASE", key)
    }
    assert given
    assert all(key.endswith("_FILE") for key in given)
    for key in given:
        secret = key.removesuffix("_FILE").lower()
        assert service["environment"][key] == f"/run/secrets/{secret}"
        assert secret in service["secrets"]


def test_the_site_and_its_worker_share_the_spool() -> None:
    assert SERVICES["site"]["volumes"] == SERVICES["worker"]["volumes"] == ["data:/var/lib/portal"]


def test_the_site_is_reached_only_through_the_proxy_on_this_machine() -> None:
    assert SERVICES["site"]["ports"] == ["127.0.0.1:8000:8000"]
    assert not any("ports" in SERVICES[name] for name in SERVICES if name != "site")
