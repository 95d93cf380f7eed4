"""The proxies in front: nginx and Caddy accept their files, which keep to what the site expects."""

import re
import subprocess
from pathlib import Path

import pytest

from portal.http.limits import IMAGE_UPLOAD_PATH, MAX_BODY, MAX_IMAGE_BODY, MAX_STAFF_BODY
from tests.deploy.files import DEPLOY, render_nginx
from tests.deploy.machines import find_program
from tests.drills import NotRun
from tests.ports import free_port

pytestmark = pytest.mark.once
NGINX = (DEPLOY / "nginx/portal.conf").read_text()
CADDY = (DEPLOY / "caddy/Caddyfile").read_text()


def program_or_skip(name: str) -> str:
    try:
        return find_program(name)
    except NotRun:
        pytest.skip(f"no {name} on this machine")


def test_nginx_accepts_its_file(tmp_path: Path) -> None:
    program = program_or_skip("nginx")
    main = render_nginx(tmp_path, nodes=[free_port()], http=free_port(), https=free_port())
    ran = subprocess.run([program, "-t", "-c", main], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert "[warn]" not in ran.stderr


def test_caddy_accepts_its_file(tmp_path: Path) -> None:
    program = program_or_skip("caddy")
    words = ["validate", "--adapter", "caddyfile", "--config", str(DEPLOY / "caddy/Caddyfile")]
    home = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)}
    ran = subprocess.run([program, *words], capture_output=True, text=True, check=False, env=home)
    assert ran.returncode == 0, ran.stderr
    assert "Valid configuration" in ran.stdout + ran.stderr


def test_each_proxy_lets_through_all_that_the_site_takes_and_little_more() -> None:
    nginx = re.findall(r"client_max_body_size (\d+)([km]);", NGINX)
    caddy = re.findall(r"max_size (\d+)([KM])B", CADDY)
    sizes = {"k": 1024, "m": 1024**2, "K": 1000, "M": 1000**2}
    for found in (nginx, caddy):
        readers, staff = (int(number) * sizes[unit] for number, unit in found)
        assert MAX_BODY <= readers <= 1.1 * MAX_BODY
        assert max(MAX_STAFF_BODY, MAX_IMAGE_BODY) <= staff <= 1.1 * MAX_IMAGE_BODY
    assert re.search(r"location /admin/ \{\s+client_max_body_size", NGINX)
    assert IMAGE_UPLOAD_PATH.startswith("/admin/")


def test_each_proxy_sets_what_the_site_believes_whatever_a_visitor_sends() -> None:
    assert "proxy_set_header X-Forwarded-Proto https;" in NGINX
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in NGINX
    assert "$proxy_add_x_forwarded_for" not in NGINX
    assert "header_up X-Forwarded-Proto https" in CADDY
    assert "header_up X-Forwarded-For {remote_host}" in CADDY


def test_neither_proxy_logs_an_address_or_a_person() -> None:
    formats = re.findall(r"log_format \w+ ([^;]*);", NGINX)
    logged = set(re.findall(r"\$(\w+)", " ".join(formats)))
    assert logged == {
        *("time_iso8601", "request_method", "status", "body_bytes_sent", "request_time"),
        *("upstream_addr", "upstream_status"),
    }
    assert set(re.findall(r"access_log ([^;]+);", NGINX)) == {
        *("off", "/var/log/nginx/portal.log portal"),
    }
    assert "error_log /var/log/nginx/portal-error.log crit;" in NGINX
    assert re.search(r"fields \{\s+request delete\s+\}", CADDY)


def test_the_page_for_when_no_machine_answers_says_whom_to_call() -> None:
    page = (DEPLOY / "nginx/away.html").read_text()
    for said in ('href="tel:911"', 'href="tel:988"', 'lang="es"'):
        assert said in page
    assert "<script" not in page
    assert "/away.html" in NGINX
    assert "/away.html" in CADDY
