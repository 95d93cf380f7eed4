"""The alert rules: each rings when it should, and is silent when it should not."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.files import DEPLOY, REPOSITORY
from tests.deploy.machines import find_program
from tests.drills import NotRun

pytestmark = pytest.mark.once
RULES = DEPLOY / "prometheus/alerts.yaml"


def promtool() -> str:
    try:
        return find_program("promtool")
    except NotRun:
        pytest.skip("no promtool on this machine")


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(words, capture_output=True, text=True, check=False)


def rules() -> list[dict[str, Any]]:
    (group,) = yaml.safe_load(RULES.read_text())["groups"]
    found: list[dict[str, Any]] = group["rules"]
    return found


#: By alert: series that make it ring, series that keep it silent, and how long to wait. A series is
#: written as promtool does: first value, step a minute, number of steps.
SITE = 'portal_processes{part="site",instance="a"}'
WORKER = 'portal_processes{part="worker",instance="a"}'
UP = 'up{job="portal",instance="a"}'
BEAT = 'portal_job_done_timestamp_seconds{job="worker",instance="a"}'
ASK = 'portal_request_seconds_count{route="care-coordinator/ask/",status="%s",page="made"}'
PAGE = 'portal_request_seconds_bucket{route="search/",status="2xx",page="made",le="%s"}'
Series = dict[str, str]
CASES: dict[str, tuple[Series, Series, str]] = {
    "PortalUnseenUrgentRequest": (
        {"portal_unseen_urgent_requests": "1x60"},
        {"portal_unseen_urgent_requests": "0x60"},
        "30m",
    ),
    "PortalDown": ({UP: "0x60"}, {UP: "1x60"}, "30m"),
    "PortalSiteDown": ({UP: "1x60", WORKER: "1x60"}, {UP: "1x60", SITE: "2x60"}, "30m"),
    "PortalWorkerSilent": ({BEAT: "0x60"}, {BEAT: "0+60x60"}, "30m"),
    "PortalWorkerMissingHere": ({UP: "1x60", SITE: "2x60"}, {UP: "1x60", WORKER: "1x60"}, "30m"),
    "PortalSpoolStuck": (
        {'portal_oldest_spooled_timestamp_seconds{instance="a"}': "60x60"},
        {'portal_oldest_spooled_timestamp_seconds{instance="a"}': "0x60"},
        "30m",
    ),
    "PortalMailWaits": (
        {'portal_oldest_mail_due_timestamp_seconds{to="staff"}': "60x60"},
        {'portal_oldest_mail_due_timestamp_seconds{to="staff"}': "0x60"},
        "30m",
    ),
    "PortalMailFails": (
        {
            'portal_mails_total{to="sender",result="failed"}': "0+6x60",
            'portal_mails_total{to="sender",result="sent"}': "0+4x60",
        },
        {
            'portal_mails_total{to="sender",result="failed"}': "0+1x60",
            'portal_mails_total{to="sender",result="sent"}': "0+9x60",
        },
        "40m",
    ),
    "PortalMailUndeliverable": (
        {"portal_undelivered_requests": "2x90"},
        {"portal_undelivered_requests": "0x90"},
        "80m",
    ),
    "PortalRequestsOverdue": (
        {'portal_overdue_requests{urgency="urgent"}': "1x60"},
        {'portal_overdue_requests{urgency="urgent"}': "0x60"},
        "50m",
    ),
    "PortalManyRequestsOverdue": (
        {'portal_overdue_requests{urgency="routine"}': "21x90"},
        {'portal_overdue_requests{urgency="routine"}': "20x90"},
        "80m",
    ),
    "PortalTaskForgotten": (
        {"portal_oldest_task_due_timestamp_seconds": "60x5000"},
        {"portal_oldest_task_due_timestamp_seconds": "0x5000"},
        "75h",
    ),
    "PortalJobFailed": (
        {'portal_job_went_well{job="verify"}': "0x60"},
        {'portal_job_went_well{job="verify"}': "1x60"},
        "30m",
    ),
    "PortalAnchorsOld": (
        {'portal_job_done_timestamp_seconds{job="anchor"}': "0x60"},
        {'portal_job_done_timestamp_seconds{job="anchor"}': "0+60x60"},
        "30m",
    ),
    "PortalBackupOld": (
        {"portal_backup_timestamp_seconds": "60x2000"},
        {"portal_backup_timestamp_seconds": "0x2000"},
        "27h",
    ),
    "PortalErrors": (
        {ASK % "5xx": "0+3x60", ASK % "2xx": "0+97x60"},
        {ASK % "5xx": "0+1x60", ASK % "2xx": "0+99x60"},
        "30m",
    ),
    "PortalRequestsRefused": ({ASK % "5xx": "0+1x60"}, {ASK % "3xx": "0+1x60"}, "30m"),
    "PortalSlow": (
        {PAGE % "1": "0+90x60", PAGE % "2.5": "0+100x60", PAGE % "+Inf": "0+100x60"},
        {PAGE % "1": "0+96x60", PAGE % "2.5": "0+100x60", PAGE % "+Inf": "0+100x60"},
        "30m",
    ),
    "PortalPoolExhausted": (
        {'portal_database_connections{kind="waiting",instance="a"}': "1x60"},
        {'portal_database_connections{kind="waiting",instance="a"}': "0x60"},
        "30m",
    ),
    "PortalCacheDown": (
        {'portal_cache_answers{instance="a"}': "0x60"},
        {'portal_cache_answers{instance="a"}': "1x60"},
        "30m",
    ),
}


def test_each_rule_has_a_case_and_says_what_to_do() -> None:
    assert [rule["alert"] for rule in rules()] == list(CASES)
    for rule in rules():
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert rule["annotations"].keys() == {"summary", "action"}
        for page in re.findall(r"docs/\S+\.md", rule["annotations"]["action"]):
            assert (REPOSITORY / page).exists()


def test_each_rule_asks_for_numbers_that_the_portal_has() -> None:
    source = (REPOSITORY / "portal/watch/metrics.py").read_text()
    for rule in rules():
        for name in re.findall(r"portal_\w+", rule["expr"]):
            bare = re.sub(r"_(total|count|bucket)$", "", name).removeprefix("portal_")
            assert f'"portal_{bare}"' in source or f'"{bare}"' in source, name


def write_tests(file: Path, *, rings: bool, hours: bool) -> None:
    """Write a test of promtool for each alert that takes minutes, or hours in longer steps."""
    step = "30m" if hours else "1m"
    tests = [
        {
            "interval": step,
            "name": name,
            "input_series": [
                {"series": series, "values": values}
                for series, values in (ringing if rings else silent).items()
            ],
            "promql_expr_test": [
                {
                    "expr": f'count(ALERTS{{alertname="{name}",alertstate="firing"}})',
                    "eval_time": at,
                    "exp_samples": [{"value": 1}] if rings else [],
                }
            ],
        }
        for name, (ringing, silent, at) in CASES.items()
        if at.endswith("h") == hours
    ]
    said = {"rule_files": [str(RULES)], "evaluation_interval": step, "tests": tests}
    file.write_text(yaml.safe_dump(said))


@pytest.mark.parametrize("hours", [False, True], ids=["minutes", "hours"])
@pytest.mark.parametrize("rings", [True, False], ids=["rings", "silent"])
def test_each_alert_rings_and_is_silent(tmp_path: Path, *, rings: bool, hours: bool) -> None:
    program, file = promtool(), tmp_path / "alerts_test.yaml"
    write_tests(file, rings=rings, hours=hours)
    ran = run(program, "test", "rules", str(file))
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_prometheus_accepts_the_files() -> None:
    program = promtool()
    for words in (("rules", RULES), ("config", RULES.with_name("prometheus.yml"))):
        ran = run(program, "check", words[0], str(words[1]))
        assert ran.returncode == 0, ran.stdout + ran.stderr
