"""Tells systemd that this process is ready and alive, so that one that hangs is started again.

A datagram is all that it takes
(https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html). Where nothing listens, as
in the demo, nothing is sent.
"""

import os
import socket
from contextlib import suppress

#: It serves now; it is still making progress; it is about to end.
READY, ALIVE, STOPPING = "READY=1", "WATCHDOG=1", "STOPPING=1"


def notify_manager(state: str) -> None:
    """Send one of the states above. It never fails: whoever does not listen misses it."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    if address.startswith("@"):  # an abstract socket
        address = f"\0{address[1:]}"
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.settimeout(1)
        line.sendto(state.encode(), address)
