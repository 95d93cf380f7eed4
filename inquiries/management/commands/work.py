"""The worker: sends mails, stores what was spooled, does what is due by the clock."""

import signal
from typing import Any

from django.core.management.base import BaseCommand

from inquiries.working import Worker


class Command(BaseCommand):
    help = (
        "Send what waits in the outbox, store what waits in the spool, and do what is due: the "
        "daily anchor, retention, recount. Runs until it is told to stop; several may run at once."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        worker = Worker()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: worker.stop())
        worker.run()
