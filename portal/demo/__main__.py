"""`make demo`: prepare what is missing, serve until Ctrl-C, stop everything that was started.

Not a Django command, because the settings need the secrets that this creates first.
"""

import os
import re
import secrets
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from portal.config import environment, troubles
from portal.config.server import GRANIAN_WORDS
from portal.supervisor import Program, keep_running, stop_at_signals

HOST = "127.0.0.1"
_WORK = [sys.executable, str(environment.CHECKOUT / "manage.py"), "work"]
_START_SECONDS = 60
_WORKER_SECONDS = 20
# An environment set up for another installation must neither shape a demo nor be touched by it.
_NOT_OURS = re.compile(
    r"ALLOWED_HOSTS|CREDENTIALS_DIRECTORY|DEBUG|FIELD_KEYS_COMMAND|(CLINIC|OIDC|PORTAL)_.*"
    rf"|({'|'.join(environment.SECRETS)})(_FILE)?"
)


#: Plainly made up: nobody may take the demo for a real clinic.
_ABOUT = {
    "CLINIC_ABOUT": (
        "This is a demo. There is no such clinic: its name, address, and people are made up. "
        "A real clinic says here who it is."
    ),
    "CLINIC_ABOUT_ES": (
        "Esta es una demostración. La clínica no existe: su nombre, su dirección y su gente son "
        "inventados. Una clínica real dice aquí quién es."
    ),
    "CLINIC_EDITORIAL": "This is a demo. A real clinic says here how it chooses its topics.",
    "CLINIC_EDITORIAL_ES": (
        "Esta es una demostración. Una clínica real dice aquí cómo elige los temas."
    ),
    "CLINIC_FUNDING": "This is a demo. A real clinic says here who pays for its site.",
    "CLINIC_FUNDING_ES": (
        "Esta es una demostración. Una clínica real dice aquí quién paga su sitio."
    ),
    "CLINIC_COMPLAINTS": "This is a demo. A real clinic says here who looks into complaints.",
    "CLINIC_COMPLAINTS_ES": (
        "Esta es una demostración. Una clínica real dice aquí quién atiende las quejas."
    ),
}


def main() -> None:
    try:
        _run()
    except Exception as error:
        if sentence := troubles.describe(error):
            sys.exit(sentence)
        raise


def _run() -> None:
    stop_at_signals()
    try:
        port = environment.number("PORT", 8000)
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    if not _is_free(port):
        sys.exit(f"Port {port} is in use. Choose another: make demo PORT={port + 1}")
    password = _prepare_environment(port)
    django.setup()
    _say("Preparing the database and the content …")
    try:
        call_command("migrate", verbosity=0)
    except CommandError as error:
        sys.exit(str(error))
    call_command("collectstatic", verbosity=0, interactive=False)
    from portal.demo import content

    for refusal in content.load(password):
        _say(f"Kept as it is: {refusal}")
    programs = [Program(_serve(port)), Program(_WORK)]
    try:
        _await(programs[0].process, port)
        _say(_welcome(port, password, list(content.STAFF)))
        keep_running(programs)
    finally:
        for each in programs:
            each.process.terminate()
        for each in programs:
            each.stop()


def _prepare_environment(port: int) -> str:
    """Create the demo's secrets once, load them, and return the password of its staff."""
    data_dir = environment.data_dir()
    if trouble := troubles.find_folder_trouble(data_dir):
        sys.exit(trouble)
    environment.keep_private(data_dir)
    _keep_secrets(data_dir / environment.DEMO_FILE)
    for name in [*os.environ]:
        if _NOT_OURS.fullmatch(name):
            del os.environ[name]
    os.environ["PORTAL_DATA_DIR"] = str(data_dir)
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
    # The start of every link in the demo's mails.
    os.environ["PORTAL_URL"] = f"http://{HOST}:{port}"
    environment.load_demo_file(data_dir)
    return os.environ["PORTAL_DEMO_PASSWORD"]


def _keep_secrets(path: Path) -> None:
    """Write the demo's settings; keep everything in an older demo's file, and add the rest."""
    values = {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "FIELD_KEYS": secrets.token_urlsafe(32),
        "ALLOWED_HOSTS": f"{HOST},localhost",
        "PORTAL_HTTPS": "off",
        "STAFF_MFA": "optional",
        # Mails become files to look at; nothing leaves this machine.
        "EMAIL_URL": f"file://{path.parent / 'mail'}",
        "PORTAL_DEMO_PASSWORD": secrets.token_urlsafe(12),
        # From the range reserved for fiction.
        "CLINIC_PHONE": "(202) 555-0123",
        "CLINIC_INTERESTS": "We make no money from the treatments and studies we talk about.",
        "CLINIC_INTERESTS_ES": (
            "No ganamos dinero con los tratamientos ni los estudios de los que hablamos."
        ),
        "CLINIC_POSTAL_ADDRESS": "Care Portal demo, 1 Example Street, Exampleville",
        **_ABOUT,
    }
    kept = path.read_text(encoding="utf-8") if path.exists() else ""
    there = {line.partition("=")[0] for line in kept.splitlines()}
    missing = [f"{name}={value}\n" for name, value in values.items() if name not in there]
    if not missing:
        return
    # All or nothing, and never readable by others, not even for a moment.
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:  # noqa: PTH123
        file.write(kept + "".join(missing))
    draft.rename(path)


def _serve(port: int) -> list[str]:
    granian = Path(sys.executable).with_name("granian")
    return [
        *(str(granian), *GRANIAN_WORDS, "--host", HOST, "--port", str(port), "--workers", "2"),
        # A worker can miss the stop signal.
        *("--workers-kill-timeout", "3"),
        *("--log-level", "warning", "portal.rsgi:application"),
    ]


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        # Like the server, or the port would count as in use for a minute after a stop.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _await(server: subprocess.Popen[bytes], port: int) -> None:
    """Return once the site answers; exit the program if it does not."""
    began = time.monotonic()
    while server.poll() is None and time.monotonic() < began + _START_SECONDS:
        try:
            with urlopen(f"http://{HOST}:{port}/healthz/ready", timeout=5) as answer:
                # The worker needs a moment longer; without it, the site itself says what is wrong.
                is_whole = answer.read() == b"ok"
                if is_whole or time.monotonic() > began + _WORKER_SECONDS:
                    return
        except OSError:  # refused, reset, or still too slow
            pass
        time.sleep(0.1)
    sys.exit("The site did not start; what it said stands above.")


def _welcome(port: int, password: str, names: list[str]) -> str:
    address = f"http://{HOST}:{port}/"
    return "\n".join(
        [
            "",
            f"The Care Portal is at  {address}",
            f"Staff sign in at       {address}admin/",
            "",
            "Demo accounts, all with one password:",
            *(f"  {name:<17} {password}" for name in names),
            "",
            "Stop with Ctrl-C.",
        ]
    )


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
