"""Runs nginx with deploy/nginx.conf on a free port of this machine: for tests and the benchmark of delivery."""

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path
from string import Template
from types import TracebackType

from lms.embedded.environment import ROOT
from lms.embedded.postgres import free_port

# What the image's own nginx.conf and the command of docker-compose.yml say around ours.
SHELL = Template("""\
daemon off;
pcre_jit on;
pid $folder/nginx.pid;
error_log $errors;
worker_processes $workers;
$user
events { worker_connections 512; }
http {
    include /etc/nginx/mime.types;
    client_body_temp_path $folder/body;
    proxy_temp_path $folder/proxy;
    fastcgi_temp_path $folder/fastcgi;
    uwsgi_temp_path $folder/uwsgi;
    scgi_temp_path $folder/scgi;
    $site
}
""")
READY_SECONDS = 10


def find_nginx() -> str | None:
    return shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")


def filled(template: str, values: dict[str, str]) -> str:
    """``${NAME}`` replaced, and nothing else: what the entry point of the nginx image does."""
    for name, value in values.items():
        template = template.replace(f"${{{name}}}", value)
    return template


def write_configuration(
    folder: Path, values: dict[str, str], *, site: str = "", errors: str = "stderr", workers: int = 2
) -> Path:
    """An nginx.conf in `folder` around deploy/nginx.conf (or `site`), with `values` filled in."""
    text = site or (ROOT / "deploy" / "nginx.conf").read_text()
    # As root the workers would become another user, who may not enter the checkout.
    user = "user root;" if os.geteuid() == 0 else ""
    file = folder / "nginx.conf"
    file.write_text(
        SHELL.substitute(folder=folder, user=user, errors=errors, workers=workers, site=filled(text, values))
    )
    return file


class Proxy:
    """nginx on a port of its own while the block runs; `address` is its root. `pages` is the site's port, 0 where there is none, or names its
    servers; `trusted` are the addresses whose headers count, and `resolver` is the name server."""

    def __init__(
        self,
        folder: Path,
        *,
        files: Path,
        secret: str,
        site: str = "",
        workers: int = 1,
        pages: int | str = 0,
        trusted: str = "127.0.0.1",
        resolver: str = "127.0.0.1",
    ) -> None:
        self.folder = folder
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.logs = folder / "logs"
        self.logs.mkdir()
        values = {
            "PROXY_PORT": f"127.0.0.1:{self.port}",
            "PROXY_PAGES": pages if isinstance(pages, str) else f"server 127.0.0.1:{pages or free_port()};",
            "PROXY_SOCKETS": f"server 127.0.0.1:{free_port()};",
            "PROXY_FILES": str(files),
            "PROXY_LOGS": str(self.logs),
            "PROXY_SCHEME": "http",
            "PROXY_TRUSTED": trusted,
            "PROXY_RESOLVER": resolver,
            "MEDIA_LINK_SECRET": secret,
        }
        self.configuration = write_configuration(
            folder, values, site=site, errors=str(folder / "error.log"), workers=workers
        )

    def __enter__(self) -> "Proxy":
        program = find_nginx()
        if program is None:
            raise FileNotFoundError("nginx (Debian: apt install nginx)")
        with (self.folder / "access.log").open("wb") as output:
            self.process = subprocess.Popen(
                [program, "-p", self.folder, "-c", self.configuration, "-e", self.folder / "error.log"],
                stdout=output,
            )
        deadline = time.monotonic() + READY_SECONDS
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.__exit__()
                raise RuntimeError((self.folder / "error.log").read_text())
            time.sleep(0.02)

    def __exit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait()
