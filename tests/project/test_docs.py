"""The documentation names what the project has."""

import pkgutil
import re
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[2]
OPERATIONS = (ROOT / "docs" / "reference" / "operations.md").read_text()
MAKEFILE = (ROOT / "Makefile").read_text()
DOCS = ROOT / "docs"
MANUAL = ROOT / "manual"
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
FOLDERS = sorted(path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith("."))
FOLDERS = [name for name in FOLDERS if name not in {"node_modules", "var"}]
WRITTEN = sorted({*ROOT.glob("*.md"), *(page for name in FOLDERS for page in (ROOT / name).rglob("*.md"))})


def prose_of(page: Path) -> str:
    """The text of a page without its blocks of code."""
    return re.sub(r"^```.*?^```", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)


@cache
def anchors_of(page: Path) -> set[str]:
    """The anchors that GitHub and GitLab make of the headings of a page, and those that a page of the manual names: `{#keys}`."""
    anchors: set[str] = set()
    for heading in re.findall(r"^#+ +(.+?) *$", prose_of(page), re.MULTILINE):
        if named := re.search(r" \{#([\w-]+)\}$", heading):
            anchors.add(named[1])
            continue
        slug = re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
        repeated = sum(1 for anchor in anchors if re.fullmatch(re.escape(slug) + r"(-\d+)?", anchor))
        anchors.add(f"{slug}-{repeated}" if repeated else slug)
    return anchors


@cache
def read(path: Path) -> str:
    return path.read_text()


def is_importable(name: str) -> bool:
    """Say whether a dotted name is a module, or a name in one."""
    try:
        pkgutil.resolve_name(name)
    except (AttributeError, ImportError):
        return False
    return True


SETTINGS = [
    ROOT / "lms" / "settings.py",
    *(
        path
        for engine in settings.OPTIONAL_ENGINES
        for path in (ROOT / engine.replace(".", "/")).glob("settings.py")
    ),
]


@pytest.mark.parametrize(
    "setting",
    sorted({name for path in SETTINGS for name in re.findall(r'\benv\.\w+\(\s*"(\w+)"', path.read_text())}),
)
def test_a_setting_is_explained(setting: str):
    assert f"`{setting}`" in OPERATIONS


@pytest.mark.parametrize("target", re.findall(r"^([a-z-]+):.*## ", MAKEFILE, re.MULTILINE))
def test_a_command_is_listed(target: str):
    assert f"`make {target}`" in OPERATIONS or target == "help"


def test_every_target_has_a_line_of_help_and_is_no_file():
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))

    assert set(re.findall(r"^([a-z-]+):.*## \S", MAKEFILE, re.MULTILINE)) == targets
    assert set(re.search(r"\.PHONY:((?:.*\\\n)*.*)", MAKEFILE)[1].replace("\\", "").split()) == targets


def test_a_management_command_is_listed():
    pages = "\n".join(page.read_text() for page in PAGES)
    ours = {
        name
        for name, app in get_commands().items()
        if isinstance(app, str) and (ROOT / app.split(".")[0]).is_dir()
    }

    assert {name for name in ours if f"`manage.py {name}`" not in pages} == set()
    assert ours


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_links_only_to_pages_and_headings_that_exist(page: Path):
    dead = []
    for link, anchor in re.findall(r"\]\((?![a-z]+:)([^)#\s]*)(?:#([^)\s]+))?\)", prose_of(page)):
        target = page.parent / link if link else page
        if link.startswith("pictures/") and page.is_relative_to(MANUAL / "pages"):
            name = link.removeprefix("pictures/")
            target = MANUAL / "static" / "manual" / "pictures" / page.parent.name / name
        if not target.exists() or (anchor and target.suffix == ".md" and anchor not in anchors_of(target)):
            dead.append(f"{link}#{anchor}")

    assert dead == []


def test_every_page_is_in_the_index():
    index = (DOCS / "README.md").read_text()
    pages = {str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md")} - {"README.md"}

    assert {page for page in pages if not page.startswith("adr/") and f"({page})" not in index} == set()


# A decision keeps the names of its day.
CURRENT = [page for page in WRITTEN if page.parent.name != "adr" and page.name != "CHANGELOG.md"]


@pytest.mark.parametrize("page", CURRENT, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_names_only_files_that_exist(page: Path):
    names = re.findall(r"`((?:{})/[\w.*/-]+)`".format("|".join(FOLDERS)), prose_of(page))

    assert [name for name in names if not any(ROOT.glob(name.rstrip("/")))] == []


@pytest.mark.parametrize("page", CURRENT, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_names_only_services_queries_and_signals_that_exist(page: Path):
    named = re.findall(
        r"`((?:{})\.(?:services|queries|signals|scoping)(?:\.\w+)+)".format("|".join(FOLDERS)), prose_of(page)
    )

    assert [name for name in named if not is_importable(name)] == []


@pytest.mark.parametrize("page", CURRENT, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_name_that_links_to_a_module_is_defined_there(page: Path):
    linked = re.findall(r"\[`(\w+)`\]\(([^)#]+\.py)\)", prose_of(page))

    assert [
        f"{name} in {module}"
        for name, module in linked
        if not re.search(
            rf"^ *(?:(?:async )?def|class) {name}\b|^{name}\b.* = ", read(page.parent / module), re.MULTILINE
        )
    ] == []


def test_a_decision_has_its_own_number():
    numbers = [path.name[:4] for path in sorted((DOCS / "adr").glob("*.md"))]

    # Decisions that are written at the same time may arrive out of order.
    assert numbers == sorted(set(numbers))
