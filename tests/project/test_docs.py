"""The documentation names what the project has."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[2]
OPERATIONS = (ROOT / "docs" / "operations.md").read_text()
MAKEFILE = (ROOT / "Makefile").read_text()
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize(
    "setting", sorted(set(re.findall(r'\benv\.\w+\(\s*"(\w+)"', (ROOT / "lms" / "settings.py").read_text())))
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


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_links_only_to_what_is_there(page: Path):
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text())

    assert [link for link in links if not (page.parent / link).exists()] == []


def test_a_decision_has_its_own_number():
    numbers = [path.name[:4] for path in sorted((ROOT / "docs" / "adr").glob("*.md"))]

    # Decisions that are written at the same time may arrive out of order.
    assert numbers == sorted(set(numbers))
