"""Run the worker: it sends mail, stores what was spooled, and runs scheduled jobs."""

import signal
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.module_loading import import_string

from inquiries.worker.worker import Worker, work_once


class Command(BaseCommand):
    help = (
        "Send emails from the outbox, store requests from the spool, and run scheduled jobs: "
        "anchors, retention, recounts. Runs until it is stopped. Several can run at once."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due now, then exit")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            while work_once():
                pass
            return
        if settings.IS_WATCHED:
            import_string(settings.START_WATCHING)("worker")
        worker = Worker()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: worker.stop())
        worker.run()
