"""Architecture rules: imports between apps, and modules of an app."""

import re
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest
from django.apps import apps
from django.conf import settings

from lms.celery import app as celery

ROOT = Path(__file__).resolve().parents[2]
APPS = ["accounts", "assessment", "certificates", "courses", "insights", "live", "manual", "media_pipeline"]
PUBLIC = {
    "models",
    "services",
    "queries",
    "signals",
    "enums",
    "errors",
    "scoping",
    "blocks",
    "clauses",
    "declaring",
    "devices",
    "digits",
    "folding",
    "fields",
    "files",
    "search_normalization",
}


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph(*APPS, "jobs", "lms", "typesetting", cache_dir=None)


def test_the_import_contracts_hold():
    run = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stdout


def test_no_module_imports_itself_in_a_circle(graph: grimp.ImportGraph):
    """Imports for types alone count, too: what two modules both need belongs into a third."""
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}

    circle = None
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as found:
        circle = found.args[1]

    assert circle is None


def test_services_and_queries_are_imported_from_the_module_that_defines_them(graph: grimp.ImportGraph):
    rooms = [
        f"{app}.{room}"
        for app in APPS
        for room in ("services", "queries")
        if f"{app}.{room}" in graph.modules
    ]
    packages = [room for room in rooms if graph.find_children(room)]

    assert packages
    assert {package: graph.find_modules_directly_imported_by(package) for package in packages} == {
        package: set() for package in packages
    }


def test_every_task_that_is_dispatched_by_its_name_is_there():
    named = {
        name
        for app in APPS
        for path in (ROOT / app).glob("**/*.py")
        for name in re.findall(r"dispatch\(\s*\"([\w.]+)\"", path.read_text())
    }
    celery.loader.import_default_modules()

    assert named
    assert named <= set(celery.tasks)


def test_apps_meet_only_through_their_public_modules(graph: grimp.ImportGraph):
    trespasses = []
    for app in APPS:
        for module in {app} | graph.find_descendants(app):
            for imported in graph.find_modules_directly_imported_by(module):
                owner, _, inside = imported.partition(".")
                if owner in APPS and owner != app and inside.split(".")[0] not in PUBLIC:
                    trespasses.append(f"{module} -> {imported}")

    assert trespasses == []


def test_modules_that_say_so_are_independent_of_django():
    """A package that says so speaks for all of its modules."""
    paths = [path for app in [*APPS, "typesetting"] for path in sorted((ROOT / app).glob("**/*.py"))]
    saying = [path for path in paths if "ndependent of Django" in path.read_text().split("\n\n\n")[0]]
    packages = [path.parent for path in saying if path.stem == "__init__"]
    independent = {*saying, *(path for path in paths if any(one in path.parents for one in packages))}
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in sorted(independent)]
    script = f"import importlib, sys; [importlib.import_module(name) for name in {names}]; print('django' in sys.modules)"

    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)

    assert len(packages) > 2
    assert run.stdout.strip() == "False"


ROOMS = {
    *(
        "models",
        "enums",
        "errors",
        "signals",
        "queries",
        "services",
        "tasks",
        "receivers",
        "forms",
        "views",
        "urls",
    ),
    *("viewsets", "reports", "panels", "work", "finders"),
    *("wagtail_hooks", "blocks", "consumers", "routing", "protocol", "apps"),
}


@pytest.mark.parametrize("app", ["live"])
def test_the_root_of_an_app_has_only_the_modules_that_every_app_has(app: str):
    """What is the app's own is in a package that is called by the noun it holds."""
    modules = {path.stem for path in (ROOT / app).glob("*.py")} - {"__init__"}

    assert modules <= ROOMS


@pytest.mark.parametrize("engine", settings.OPTIONAL_ENGINES)
def test_what_a_site_may_do_without_is_imported_by_nothing_else(graph: grimp.ImportGraph, engine: str):
    """Deleting its folder, the folder of its tests and its line in the settings leaves everything else as it is."""
    own = {engine} | graph.find_descendants(engine)
    importers = {importer for module in own for importer in graph.find_modules_that_directly_import(module)}
    named = re.compile(rf"\b(?:from|import) (?:tests\.)?{re.escape(engine)}\b")
    readers = [
        str(path.relative_to(ROOT))
        for folder in ("scripts", "tests")
        for path in (ROOT / folder).rglob("*.py")
        if ROOT / "tests" / engine.replace(".", "/") not in path.parents and named.search(path.read_text())
    ]

    assert (importers - own, readers) == (set(), [])
    assert engine in graph.modules


@pytest.mark.parametrize("engine", settings.OPTIONAL_ENGINES)
def test_what_a_site_may_do_without_has_no_tables(engine: str):
    assert list(apps.get_app_config(engine.rpartition(".")[2]).get_models()) == []


def test_no_app_imports_the_composition_root(graph: grimp.ImportGraph):
    importers = {
        importer
        for module in {"lms"} | graph.find_descendants("lms")
        for importer in graph.find_modules_that_directly_import(module)
        if not importer.startswith("lms")
    }

    assert importers == set()


def test_an_inline_import_gives_a_reason_from_the_short_list():
    reasons = {"circular inside Django's registry", "optional dependency", "needs the app registry"}
    bare = []
    for path in ROOT.glob("*/**/*.py"):
        if path.relative_to(ROOT).parts[0] not in {*APPS, "lms", "typesetting"}:
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            found = re.search(r"noqa: (?:PLC0415|E402)(.*)", line)
            if found and not any(reason in found[1] for reason in reasons):
                bare.append(f"{path.relative_to(ROOT)}:{number}")

    assert bare == []


def test_no_migration_is_missing(db: None):
    from django.core.management import call_command

    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
