"""Compile every ``lms/locale/<app>/<language>/LC_MESSAGES/django.po`` without GNU gettext."""

from pathlib import Path

import polib

LOCALE = Path(__file__).resolve().parent.parent / "lms" / "locale"

if __name__ == "__main__":
    for catalog in sorted(LOCALE.rglob("*.po")):
        polib.pofile(str(catalog)).save_as_mofile(str(catalog.with_suffix(".mo")))
