"""The pages in docs/ name everything that a person may call or set."""

import re

from django.apps import apps
from django.core.management import get_commands

from lms.embedded.environment import ROOT

DOCUMENTATION = "\n".join(page.read_text() for page in [*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md")])
MAKEFILE = (ROOT / "Makefile").read_text()
TARGETS = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))


def test_every_make_target_is_documented():
    assert {target for target in TARGETS if f"make {target}" not in DOCUMENTATION} == set()


def test_every_make_target_has_a_line_of_help_and_is_no_file():
    with_help = set(re.findall(r"^([a-z-]+):.*## \S", MAKEFILE, re.MULTILINE))
    phony = set(re.search(r"\.PHONY:((?:.*\\\n)*.*)", MAKEFILE)[1].replace("\\", "").split())

    assert with_help == TARGETS
    assert phony == TARGETS


def test_every_setting_of_the_environment_is_documented():
    settings = (ROOT / "lms" / "settings.py").read_text()
    names = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', settings))

    assert {name for name in names if f"`{name}`" not in DOCUMENTATION} == set()


def test_every_command_of_ours_is_documented():
    ours = {
        name
        for name, app in get_commands().items()
        if isinstance(app, str)
        and str(ROOT / app.split(".")[0]) in {config.path for config in apps.get_app_configs()}
    }

    assert ours
    assert {name for name in ours if f"manage.py {name}" not in DOCUMENTATION} == set()
