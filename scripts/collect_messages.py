"""Collect the texts to translate of each app into ``lms/locale/<app>/ar``: one catalog per app, no common one.

An app's texts are in its own folder and in ``templates/<app>/``; those of every other template belong to ``lms``.
What nobody says any more stays in the catalog, marked obsolete. Needs GNU gettext.
"""

import os
from pathlib import Path

import django
from django.core.management import call_command
from django.test import override_settings

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "lms" / "locale"
LANGUAGE = "ar"
# Folders named after an app that is not ours.
TEMPLATES_OF_OTHERS = {"account": "accounts"}


def apps() -> list[str]:
    return sorted(folder.name for folder in LOCALE.iterdir() if (ROOT / folder.name / "__init__.py").exists())


def owner(template_folder: str) -> str:
    """The app whose texts a folder under ``templates/`` holds."""
    return TEMPLATES_OF_OTHERS.get(template_folder, template_folder if template_folder in apps() else "lms")


def ignored(app: str) -> list[str]:
    """Patterns that leave only what is the app's own; a folder named ``locale`` would become a catalog."""
    folders = [path.name for path in ROOT.iterdir() if path.is_dir() and path.name not in {app, "templates"}]
    templates = [
        f"templates/{path.name}" for path in (ROOT / "templates").iterdir() if owner(path.name) != app
    ]
    return [*folders, *templates, "lms/locale"]


if __name__ == "__main__":
    os.chdir(ROOT)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
    django.setup()
    for app in apps():
        with override_settings(LOCALE_PATHS=[LOCALE / app]):
            call_command(
                "makemessages", locale=[LANGUAGE], ignore_patterns=ignored(app),
                add_location="file", no_wrap=True,
            )  # fmt: skip
