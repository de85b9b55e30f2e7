import os
import shutil
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from lms.embedded import postgres as embedded
from lms.embedded.postgres import Postgres, is_free, recorded_pid, serves
from tests.waiting import wait_until

pytestmark = pytest.mark.engines("starts, kills and restarts PostgreSQL")


@pytest.fixture
def new_postgres(tmp_path: Path) -> Iterator[Callable[[str], Postgres]]:
    made: list[Postgres] = []

    def make(name: str) -> Postgres:
        made.append(Postgres(tmp_path / name / "var" / "postgres"))
        return made[-1]

    yield make
    for postgres in made:
        # As root a server lives outside the test's folder.
        shutil.rmtree(postgres.home.folder, ignore_errors=True)


def kill(postgres: Postgres) -> None:
    pid = recorded_pid(postgres.home.data)
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not serves(pid, postgres.home.data))


def answer(url: str, question: str) -> object:
    with psycopg.connect(url) as connection:
        return connection.execute(question).fetchone()[0]


def port_in(url: str) -> int:
    return int(url.rsplit(":", 1)[1].split("/", maxsplit=1)[0])


def test_data_outlive_a_stop_and_the_address_stays(new_postgres):
    postgres = new_postgres("one")
    with postgres.in_use() as addresses, psycopg.connect(addresses.owner) as connection:
        connection.execute("CREATE TABLE note AS SELECT 'kept' AS text")

    with postgres.in_use() as again:
        text = answer(again.owner, "SELECT text FROM note")

    assert text == "kept"
    assert again == addresses


def test_arabic_words_are_words(new_postgres):
    with new_postgres("one").in_use() as addresses:
        found = answer(
            addresses.owner, "SELECT to_tsvector('simple', 'ورشة اللحام') @@ to_tsquery('simple', 'اللحام')"
        )

    assert found is True


def test_the_last_to_leave_stops_the_server(new_postgres):
    first = new_postgres("one")
    second = Postgres(first.folder)

    with first.in_use() as addresses:
        with second.in_use():
            pass
        still_there = answer(addresses.owner, "SELECT 1")

    assert still_there == 1
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(addresses.owner)


@pytest.mark.engines("a PostgreSQL of its own", nightly=True)
def test_the_server_stops_even_when_its_folder_was_removed_meanwhile(new_postgres):
    postgres = new_postgres("one")
    with postgres.in_use() as addresses:
        shutil.rmtree(postgres.folder)

    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(addresses.owner)


def test_a_killed_server_starts_again_with_what_was_committed(new_postgres, monkeypatch):
    # The test run trades exactly this for speed.
    monkeypatch.delenv("PGOPTIONS", raising=False)
    postgres = new_postgres("one")
    with postgres.in_use() as addresses:
        with psycopg.connect(addresses.owner) as connection:
            connection.execute("CREATE TABLE note AS SELECT 'committed' AS text")
        kill(postgres)

    with postgres.in_use() as addresses:
        text = answer(addresses.owner, "SELECT text FROM note")

    assert text == "committed"


def test_a_server_that_dies_while_in_use_is_revived_at_its_address(new_postgres):
    postgres = new_postgres("one")
    with postgres.in_use() as addresses:
        kill(postgres)

        had_died = postgres.revive()

        assert had_died
        assert answer(addresses.owner, "SELECT 1") == 1
        assert not postgres.revive()


def test_a_port_that_a_remnant_holds_for_a_moment_is_waited_for(new_postgres, monkeypatch):
    postgres = new_postgres("one")
    with postgres.in_use() as addresses:
        kill(postgres)
        wait_until(lambda: is_free(port_in(addresses.owner)))
        remnant = socket.create_server(("127.0.0.1", port_in(addresses.owner)))
        found_taken = []

        def is_free_at_last(port: int) -> bool:
            is_it = is_free(port)
            found_taken.append(not is_it)
            if len(found_taken) == 3:
                remnant.close()
            return is_it

        monkeypatch.setattr(embedded, "is_free", is_free_at_last)
        postgres.revive()

        assert found_taken[:4] == [True, True, True, False]
        assert answer(addresses.owner, "SELECT 1") == 1


@pytest.mark.engines("a PostgreSQL of its own", nightly=True)
def test_a_pid_file_that_names_another_living_process_does_not_keep_the_server_down(new_postgres):
    postgres = new_postgres("one")
    with postgres.in_use():
        left_behind = (postgres.home.data / "postmaster.pid").read_text().split("\n", 1)[1]
    stale = postgres.home.data / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n{left_behind}")
    if postgres.home.user:
        shutil.chown(stale, postgres.home.user)

    with postgres.in_use() as addresses:
        assert answer(addresses.owner, "SELECT 1") == 1


@pytest.mark.engines("two PostgreSQLs", nightly=True)
def test_two_checkouts_have_servers_of_their_own(new_postgres):
    with new_postgres("one").in_use() as first, new_postgres("two").in_use() as second:
        one, two = first.owner, second.owner
        assert one != two
        assert answer(one, "SELECT system_identifier FROM pg_control_system()") != answer(
            two, "SELECT system_identifier FROM pg_control_system()"
        )


def test_the_password_is_asked_for_and_readable_by_its_owner_only(new_postgres):
    postgres = new_postgres("one")

    with postgres.in_use() as addresses:
        password = (postgres.folder / "password").read_text()
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(addresses.owner.replace(password, "wrong"))

    assert (postgres.folder / "password").stat().st_mode & 0o077 == 0


@pytest.mark.engines("a PostgreSQL of its own", nightly=True)
def test_a_path_longer_than_a_unix_socket_allows_is_no_hindrance(new_postgres):
    with new_postgres("a-folder-with-a-long-name/" * 6).in_use() as addresses:
        assert answer(addresses.owner, "SELECT 1") == 1


def test_the_port_is_none_that_an_outgoing_connection_may_take_meanwhile(new_postgres):
    lowest_outgoing = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])

    with new_postgres("one").in_use() as addresses:
        assert port_in(addresses.owner) < lowest_outgoing
