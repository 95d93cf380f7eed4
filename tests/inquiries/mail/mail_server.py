"""A listening mail server that records what it receives, with or without SMTPUTF8."""

import base64
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Heard:
    """What one server received."""

    port: int = 0
    commands: list[str] = field(default_factory=list)
    messages: list[bytes] = field(default_factory=list)


@contextmanager
def mail_server(  # noqa: C901 - one branch for each command
    *extensions: str, password: str = ""
) -> Iterator[Heard]:
    """With a password, it asks for that of the user `portal`."""
    heard = Heard()
    wanted = base64.b64encode(f"\0portal\0{password}".encode()).decode()
    if password:
        extensions += ("AUTH PLAIN",)

    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 mail.example\r\n")
            for line in self.rfile:
                command = line.decode().strip()
                heard.commands.append(command)
                match command.split(" ")[0].upper():
                    case "EHLO":
                        names = ["mail.example", *extensions]
                        lines = [f"250-{each}\r\n" for each in names[:-1]] + [
                            f"250 {names[-1]}\r\n"
                        ]
                        self.wfile.write("".join(lines).encode())
                    case "AUTH":
                        is_right = command.endswith(f" {wanted}")
                        self.wfile.write(b"235 in\r\n" if is_right else b"535 no\r\n")
                    case "DATA":
                        self.wfile.write(b"354 go on\r\n")
                        heard.messages.append(self._read_message())
                        self.wfile.write(b"250 kept\r\n")
                    case "QUIT":
                        self.wfile.write(b"221 bye\r\n")
                        return
                    case _:
                        self.wfile.write(b"250 fine\r\n")

        def _read_message(self) -> bytes:
            lines = []
            for line in self.rfile:
                if line == b".\r\n":
                    break
                lines.append(line)
            return b"".join(lines)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session) as server:
        heard.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield heard
        server.shutdown()
