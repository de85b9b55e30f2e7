"""``python -m lms.watch --port 8000 COMMAND ...``: run a web server, and replace it when it ends or is not ready.

docker-compose restarts what exits. A server that runs and answers nothing is replaced here: `/readyz` on `--port` has to
answer, as in the embedded mode.
"""

import argparse
import asyncio
import os
import sys
from pathlib import Path

from lms.embedded.readiness import Address, ServeError, keep_ready, until_answering
from lms.embedded.supervisor import Process, end_on_signals, log_line, supervise


async def watch(port: int, command: list[str]) -> int:
    """Run `command` until a signal ends this process. Raises ServeError when it does not start."""
    end_on_signals()
    server = Process(Path(command[0]).name, command, os.environ, Path(os.devnull))
    address = Address(port, os.environ["SITE_URL"])

    async def work() -> int:
        await until_answering(address, [server])
        log_line(server.name, "is ready, and watched")
        await keep_ready(server, address, database_url=os.environ["DATABASE_URL"])
        return 0

    try:
        return await supervise([server], work)
    except asyncio.CancelledError:
        return 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m lms.watch", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="where the command listens on loopback")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    arguments = parser.parse_args()
    # Our own package sets this; the command chooses for itself.
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    return asyncio.run(watch(arguments.port, arguments.command))


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ServeError as error:
        sys.exit(str(error))
