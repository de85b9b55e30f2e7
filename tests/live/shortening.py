"""Shorter times for tests that start processes of the product.

`SHORTENED` in the environment gives constants of the product other values:
`shortened({"live.obs.listener.REFUSED_SECONDS": 0.5})`. What is started with it: the servers of `tests.live.conftest`
(by `tests.live.asgi`), and `python -m tests.live.shortening <a command of manage.py>`.
"""

import json
import os
import sys
from collections.abc import Mapping
from importlib import import_module


def shortened(constants: Mapping[str, float]) -> dict[str, str]:
    """The environment of such a process."""
    return {"SHORTENED": json.dumps(dict(constants))}


def shorten() -> None:
    for name, value in json.loads(os.environ.get("SHORTENED", "{}")).items():
        module, _, constant = name.rpartition(".")
        home = import_module(module)
        # A constant that was moved is an error here.
        getattr(home, constant)
        setattr(home, constant, value)


if __name__ == "__main__":
    import django
    from django.core.management import call_command

    django.setup()
    shorten()
    call_command(*sys.argv[1:])
