"""For the scanners and the site they scan: no connection leaves this machine.

Python reads a module of this name at its start, from PYTHONPATH.
"""

import sys
from typing import Any

_HERE = ("127.0.0.1", "localhost")


def _refuse_to_leave(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    elif event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        host = arguments[0]
    else:
        return
    if host not in _HERE:
        raise ConnectionRefusedError(f"The scan stays on this machine: {event} {host}")


sys.addaudithook(_refuse_to_leave)
