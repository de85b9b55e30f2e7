"""Collects the rows of authorization of optional engines from `tests/<app>/<engine>/authorization.py`.

Such a module names `ADDRESSES` (rows of the table of authorization) and `SOCKETS` (paths, and what goes over them), whichever it has. It registers its `visit`s as a factory does.
"""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings


def told_by_engines(name: str = "") -> dict[str, Any]:
    """The values of that name from all registered engines, merged."""
    modules = [f"tests.{engine}.authorization" for engine in settings.OPTIONAL_ENGINES]
    found = [import_module(module) for module in modules if find_spec(module)]
    return {key: value for module in found for key, value in getattr(module, name, {}).items()}
