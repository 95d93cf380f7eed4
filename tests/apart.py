"""A database apart from that of the other tests, for what migrates one or fills it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.db import connection
from psycopg import sql


@contextmanager
def empty_database(folder: Path) -> Iterator[str]:
    """The URL of a database of its own, beside that of the other tests."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{folder / 'before.sqlite3'}"
        return
    given = connection.settings_dict
    server = {
        "host": given["HOST"],
        "port": given["PORT"],
        "user": given["USER"],
        "password": given["PASSWORD"],
    }
    name = f"migrating_{os.getpid()}"
    with psycopg.connect(dbname="postgres", autocommit=True, **server) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            login = f"{given['USER']}:{given['PASSWORD']}@" if given["USER"] else ""
            yield f"postgresql://{login}{given['HOST']}:{given['PORT']}/{name}"
        finally:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
