"""Lets others watch the portal: numbers, alarms, and reports of errors. All off by default.

What is not set is not imported, so that no process pays for it. Nothing that leaves this machine
has an address, a query, a name, or anything that a person wrote: it is made from what a log line
may have (`portal.http.logs`), never from a request.
"""

from django.conf import settings


def start_watching(part: str) -> None:
    """Start what the operator has set, in a process of the `site` or the `worker`."""
    if settings.METRICS_ADDRESS:
        from portal.watch import exporter

        exporter.start(part, settings.METRICS_ADDRESS)
    if settings.ALARM_URL and part == "site":
        from portal.watch import alarms

        alarms.start(settings.ALARM_URL)
    if settings.ERRORS_DSN:
        from portal.watch import errors

        errors.start(settings.ERRORS_DSN, part)
    if settings.TRACES_ENDPOINT and part == "site":
        from portal.watch import traces

        traces.start(settings.TRACES_ENDPOINT, part)
