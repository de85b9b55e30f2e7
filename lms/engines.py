"""Collects modules of the optional engines (docs/explanation/optional-engines.md)."""

from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from django.conf import settings


def modules_of_engines(name: str) -> list[ModuleType]:
    """The modules that are called so in the engines of this site: `urls`, `routing`."""
    names = [f"{engine}.{name}" for engine in settings.OPTIONAL_ENGINES]
    return [import_module(module) for module in names if find_spec(module)]
