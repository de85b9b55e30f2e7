"""Databases for the time of one bench.

A migration from nothing takes minutes. Where `BENCH_TEMPLATE` names a database on which every migration ran (`make benches`
names that of the tests), the new ones are copies of it, and the migration that follows has nothing to do.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from lms.embedded.postgres import INSTALLATION

ADDRESSES = ("DATABASE_URL", "DATABASE_OWNER_URL")
TEMPLATE = os.environ.get("BENCH_TEMPLATE", "")


@contextmanager
def new_database(database: str, *, template: str = TEMPLATE) -> Iterator[None]:
    """A new database on the server, named by the settings, gone at the end."""
    old = {name: os.environ[name] for name in ADDRESSES}

    def again(*statements: str) -> None:
        with psycopg.connect(old["DATABASE_OWNER_URL"], autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    drop = f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)'
    again(drop, f'CREATE DATABASE "{database}"' + (f' TEMPLATE "{template}"' if template else ""))
    os.environ.update({name: address_of(database, address) for name, address in old.items()})
    try:
        yield
    finally:
        os.environ.update(old)
        again(drop)


def address_of(database: str, address: str) -> str:
    """The same server, another database."""
    return f"{address.rpartition('/')[0]}/{database}"


def copy_template(source: str, target: str) -> None:
    """Fill an empty database of another server, by the addresses of the owners. Does nothing where there is no template."""
    if TEMPLATE:
        dump = subprocess.run(
            [_program("pg_dump"), address_of(TEMPLATE, source)], check=True, stdout=subprocess.PIPE
        )
        subprocess.run(
            [_program("psql"), "--quiet", "--set=ON_ERROR_STOP=1", target],
            input=dump.stdout,
            check=True,
            stdout=subprocess.DEVNULL,
        )


def _program(name: str) -> Path:
    return INSTALLATION / "bin" / name
