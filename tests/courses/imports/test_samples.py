"""The samples of lists, and the words that their columns take."""

import csv
import io
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import Center
from courses.enums import ImportKind
from courses.imports.columns import COLUMNS
from courses.models import ImportRun
from scripts.import_columns import page
from tests.courses.imports.lists import checked, counts, faults
from tests.factories.accounts import UserFactory

DOCS = Path(__file__).resolve().parents[3] / "docs" / "reference" / "imports.md"


def sample(client: Client, kind: ImportKind) -> bytes:
    answer = client.get(reverse("imports:sample"), {"kind": kind})
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", ImportKind)
@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_sample_is_read_and_brings_nothing(kind: ImportKind, language: str, center: Center):
    by = UserFactory(is_superuser=True)
    client = Client(headers={"accept-language": language})
    client.force_login(by)

    run = checked(sample(client, kind), kind=kind, center=center, by=by)

    assert counts(run) == (0, 0, 0, 1), run.refusal
    assert not ImportRun.objects.filter(refusal__gt="").exists()


def test_the_line_of_the_sample_is_called_that(client: Client, center: Center):
    by = UserFactory(is_superuser=True)
    client.force_login(by)

    run = checked(sample(client, ImportKind.TRAINEES), kind=ImportKind.TRAINEES, center=center, by=by)

    assert [(column, code) for _line, column, code in faults(run)] == [("national_number", "LineOfSample")]


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_sample_is_a_workbook_as_well(language: str, center: Center):
    by = UserFactory(is_superuser=True)
    client = Client(headers={"accept-language": language})
    client.force_login(by)

    for kind in ImportKind:
        data = client.get(reverse("imports:sample"), {"kind": kind, "xlsx": ""}).content
        sheet = load_workbook(io.BytesIO(data)).active
        rows = [[cell or "" for cell in row] for row in sheet.iter_rows(values_only=True)]
        run = checked(data, kind=kind, center=center, by=by)

        assert rows == list(csv.reader(io.StringIO(sample(client, kind).decode("utf-8-sig"))))
        assert bool(sheet.sheet_view.rightToLeft) == (language == "ar")
        assert counts(run) == (0, 0, 0, 1), run.refusal


def test_the_page_lists_the_words_of_every_choice(center: Center):
    client = Client(headers={"accept-language": "en"})
    client.force_login(UserFactory(is_superuser=True))

    shown = client.get(reverse("imports:add")).content.decode()

    choices = [
        choice
        for columns in COLUMNS.values()
        for column in columns
        if column.words
        for choice in column.words.choices
    ]
    assert choices
    assert not [choice.value for choice in choices if " · ".join(choice.spellings()) not in shown]


def test_the_documentation_prints_the_columns():
    assert DOCS.read_text() == page(), "run: python -m scripts.import_columns > docs/reference/imports.md"
