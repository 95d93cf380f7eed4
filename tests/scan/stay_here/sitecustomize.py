"""For the scanners and the scanned site: no connection leaves the machine, and hashes are fast.

Python imports a module of this name at startup, from PYTHONPATH.
"""

import hashlib
import sys
from typing import Any

_HERE = ("127.0.0.1", "localhost")
_slowly = hashlib.pbkdf2_hmac


def _refuse_to_leave(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    elif event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        host = arguments[0]
    else:
        return
    if host not in _HERE:
        raise ConnectionRefusedError(f"The scan stays on this machine: {event} {host}")


def _in_one_round(
    hash_name: str, password: Any, salt: Any, iterations: int, dklen: int | None = None
) -> bytes:
    return _slowly(hash_name, password, salt, 1, dklen)


sys.addaudithook(_refuse_to_leave)
# Password hashes are slow on purpose, and the scanners guess thousands of passwords.
hashlib.pbkdf2_hmac = _in_one_round
