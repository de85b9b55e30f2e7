"""``python -m lms.embedded``: run one command with a database at hand, or serve the whole site."""

import argparse
import contextlib
import os
import shlex
import signal
import subprocess
import sys

from lms.embedded.environment import ROOT, var_folder, with_secrets
from lms.embedded.postgres import Postgres, PostgresError
from lms.embedded.readiness import ServeError
from lms.embedded.serve import serve


def parsed_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m lms.embedded", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    run = verbs.add_parser(
        "run", help="run a command with the embedded database and secrets in its environment"
    )
    run.add_argument("command", nargs=argparse.REMAINDER, metavar="-- COMMAND ...")
    site = verbs.add_parser("serve", help="serve the site: database, web, worker and beat")
    end = site.add_mutually_exclusive_group()
    end.add_argument(
        "--then", default="", metavar="COMMAND", help="run this against the site, which then stays"
    )
    end.add_argument(
        "--until", default="", metavar="COMMAND", help="run this against the site and end with its status"
    )
    return parser.parse_args()


def run(command: list[str], environment: dict[str, str]) -> int:
    """Run ``command`` in the foreground: Ctrl-C reaches it from the terminal, other signals are forwarded."""
    # A handler, not SIG_IGN, which the command would inherit.
    signal.signal(signal.SIGINT, lambda *_: None)
    with subprocess.Popen(command, env=environment) as process:
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda received, _: process.send_signal(received))
        status = process.wait()
    return status if status >= 0 else 128 - status


def main() -> int:
    arguments = parsed_arguments()
    for folder in ("messages", "processed", "control"):
        (var_folder() / "celery" / folder).mkdir(parents=True, exist_ok=True)
    for part in (var_folder() / "celery" / "messages").glob("part.*"):
        # Left by a process that was killed while it wrote.
        part.unlink(missing_ok=True)
    environment = with_secrets(dict(os.environ))
    # One machine without a certificate authority. A site with production keys sets it to false.
    environment.setdefault("ALLOW_DEMO_CERTIFICATES", "true")
    # A demo also runs in containers that allow no namespaces; it uses the sandbox where there is one.
    environment.setdefault("SANDBOX_REQUIRED", "false")
    # Set by importing our own package; each program chooses for itself (tests have settings of their own).
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    own_database = None if environment.get("DATABASE_URL") else Postgres(var_folder() / "postgres")
    with contextlib.ExitStack() as stack:
        if own_database:
            addresses = stack.enter_context(own_database.in_use())
            environment |= {"DATABASE_URL": addresses.application, "DATABASE_OWNER_URL": addresses.owner}
        if arguments.verb == "run":
            command = arguments.command[1:] if arguments.command[:1] == ["--"] else arguments.command
            return run(command or [os.environ.get("SHELL", "/bin/sh")], environment)
        command = shlex.split(arguments.then or arguments.until)
        return serve(environment, own_database, command, stays=bool(arguments.then))


if __name__ == "__main__":
    os.chdir(ROOT)
    try:
        sys.exit(main())
    except (PostgresError, ServeError) as error:
        sys.exit(str(error))
