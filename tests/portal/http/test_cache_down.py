"""While Redis is down, the health check says so, and requests are still accepted quickly."""

import socket
import time
from pathlib import Path

import pytest

from tests.portal import real_site
from tests.portal.real_site import HOST
from tests.portal.test_database_down import send, timed

pytestmark = pytest.mark.once


@pytest.mark.parametrize("answers", [False, None], ids=["refuses", "never answers"])
def test_with_redis_down_health_says_so_and_requests_are_accepted_quickly(
    tmp_path: Path, new_database: Path, answers: bool | None
) -> None:
    with socket.socket() as place:
        place.bind((HOST, 0))
        if answers is None:  # the kernel accepts connections, but nothing reads from them
            place.listen(128)
        url = f"redis://{HOST}:{place.getsockname()[1]}/0"
        with real_site.running(tmp_path, database=new_database, workers=2, CACHE_URL=url) as site:
            site.ask("GET", "/healthz/live")
            for turn in range(6):
                health = timed(site.ask, "GET", "/healthz/ready")
                assert health.status == 200
                assert "cache" in health.text.removeprefix("degraded: ").split(", ")
                assert timed(site.ask, "GET", "/").status == 200
                sent = timed(send, site, f"while-redis-is-away-{turn:04}")
                assert sent.status == 302
                time.sleep(0.1)
