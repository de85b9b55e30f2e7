"""Collect the texts to translate of each app into ``lms/locale/<app>/ar``: one catalog per app, no common one.

An app's texts are in its own folder and in ``templates/<app>/``; those of every other template belong to ``lms``, and so
do the texts of libraries that have no Arabic of their own (``lms/library_texts.py``). A text that moves to another app
keeps its translation; one that is not used any more is removed. No fuzzy matches: a new text has no translation, and
the tests list it. Needs GNU gettext.
"""

import os
import subprocess
import tempfile
from pathlib import Path

import django
from django.core.management import call_command
from django.core.management.commands.makemessages import Command as MakeMessages
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


def catalogs() -> list[Path]:
    return sorted(LOCALE.glob(f"*/{LANGUAGE}/LC_MESSAGES/django.po"))


def known_translations(folder: Path) -> Path:
    """All catalogs in one, for texts that move from app to app."""
    known = folder / "known.po"
    merge = ["msgcat", "--use-first", f"--output-file={known}", *map(str, catalogs())]
    subprocess.run(merge, check=True)
    return known


def collector(known: Path) -> MakeMessages:
    command = MakeMessages()
    command.msgmerge_options = [
        "-q",
        "--backup=none",
        "--update",
        "--no-fuzzy-matching",
        f"--compendium={known}",
    ]
    return command


if __name__ == "__main__":
    os.chdir(ROOT)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
    django.setup()
    with tempfile.TemporaryDirectory() as work:
        command = collector(known_translations(Path(work)))
        for app in apps():
            with override_settings(LOCALE_PATHS=[LOCALE / app]):
                call_command(
                    command, locale=[LANGUAGE], ignore_patterns=ignored(app),
                    add_location="file", no_wrap=True, no_obsolete=True,
                )  # fmt: skip
