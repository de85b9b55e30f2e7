"""What staff see of an import: uploading, faults in words, starting it."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import RoleName
from accounts.models import Center, User
from courses.enums import ImportKind, ImportStep
from courses.models import ImportRun
from courses.services.imports import work_on_import
from tests.courses.imports.lists import ALI, HEADINGS, MONA, checked, csv_of, imported, uploaded
from tests.factories.accounts import MembershipFactory


@pytest.fixture
def by(center: Center) -> User:
    return MembershipFactory(role=RoleName.CENTER_MANAGER, center=center).user


@pytest.fixture
def client(by: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(by)
    return client


def page_of(client: Client, run: ImportRun, **query: str) -> str:
    return client.get(reverse("imports:inspect", args=[run.pk]), query).content.decode()


def test_a_list_is_uploaded_checked_and_imported_from_its_page(client: Client, center: Center):
    answer = client.post(
        reverse("imports:add"),
        {
            "kind": ImportKind.TRAINEES,
            "center": center.pk,
            "file": SimpleUploadedFile("متدربون.csv", csv_of(HEADINGS, MONA, ("", ALI[1]))),
        },
    )
    run = ImportRun.objects.get()
    assert answer["Location"] == reverse("imports:inspect", args=[run.pk])
    assert "data-batch-progress" in page_of(client, run)

    work_on_import(run_id=run.pk)
    shown = page_of(client, run)
    client.post(reverse("imports:start", args=[run.pk]))
    work_on_import(run_id=run.pk)

    run.refresh_from_db()
    assert "This cell is empty and is needed." in shown
    assert "Import 1 line" in shown
    assert (run.step, run.created, run.faulty) == (ImportStep.IMPORTED, 1, 1)
    assert reverse("imports:start", args=[run.pk]) not in page_of(client, run)


def test_the_count_of_changed_lines_is_not_called_a_date_in_arabic(client: Client, center: Center, by: User):
    run = imported(csv_of(HEADINGS, MONA), center=center, by=by)

    address = reverse("imports:inspect", args=[run.pk])
    page = client.get(address, headers={"accept-language": "ar"}).content.decode()

    assert "<dt>تغيّرت</dt>" in page


def test_a_refused_file_says_why_on_its_page(client: Client, center: Center, by: User):
    run = checked(csv_of(HEADINGS, ("=1", "1")), center=center, by=by)

    assert "Line 2, column 1 is a formula." in page_of(client, run)


def test_faults_are_downloaded_in_words_without_a_cell_of_the_list(client: Client, center: Center, by: User):
    run = checked(csv_of(HEADINGS, MONA, MONA, ("Ali Hassan Saad", ALI[1])), center=center, by=by)

    answer: Any = client.get(reverse("imports:faults", args=[run.pk]))
    file = b"".join(answer.streaming_content).decode("utf-8-sig")

    assert file.splitlines() == [
        "Line,Column,What is wrong",
        "3,,The same person as in line 2.",
        '4,full name in Arabic,"Write at least three names in Arabic letters, without digits or signs."',
    ]


def test_a_page_of_faults_costs_as_many_statements_as_a_single_one(client: Client, center: Center, by: User):
    few = imported(csv_of(HEADINGS, MONA, ("", ALI[1])), center=center, by=by)
    many = checked(csv_of(HEADINGS, *[("", ALI[1])] * 60), center=center, by=by)

    def statements(run: ImportRun) -> int:
        with CaptureQueriesContext(connection) as queries:
            page_of(client, run)
        return len(queries)

    statements(few)
    assert statements(many) <= statements(few)


def test_progress_is_told_while_the_file_is_read(client: Client, center: Center, by: User):
    run = uploaded(csv_of(HEADINGS, MONA), center=center, by=by)
    ImportRun.objects.update(lines=4, position=1, created=1)

    told = client.get(reverse("imports:progress", args=[run.pk])).json()

    assert (told["is_live"], told["percent"], told["label"]) == (True, 25, "1 line is checked.")


def member_client(role: RoleName, center: Center) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(MembershipFactory(role=role, center=center).user)
    return client


@pytest.mark.parametrize(
    ("kind", "role", "is_shown"),
    [
        (ImportKind.TRAINEES, RoleName.REGISTRAR, True),
        (ImportKind.TRAINEES, RoleName.ASSESSOR, False),
        (ImportKind.STAFF, RoleName.REGISTRAR, False),
        (ImportKind.STAFF, RoleName.CENTER_MANAGER, True),
    ],
)
def test_staff_see_the_lists_of_others_of_what_they_may_enter_by_hand(
    center: Center, by: User, kind: ImportKind, role: RoleName, is_shown: bool
):
    run = uploaded(csv_of(HEADINGS, MONA), center=center, by=by, kind=kind, name="theirs.csv")
    client = member_client(role, center)

    index = client.get(reverse("imports:index")).content.decode()
    pages = {
        name: client.get(reverse(f"imports:{name}", args=[run.pk])).status_code
        for name in ("inspect", "progress", "faults", "history")
    }

    assert ("theirs.csv" in index) is is_shown
    assert set(pages.values()) == {200 if is_shown else 404}


def test_an_upload_of_ones_own_stays_visible_without_the_act_of_its_kind(
    client: Client, center: Center, by: User
):
    run = uploaded(csv_of(HEADINGS, MONA), center=center, by=by)
    run.kind = ImportKind.RESULTS
    run.save()

    assert "a.csv" in client.get(reverse("imports:index")).content.decode()
    assert client.get(reverse("imports:inspect", args=[run.pk])).status_code == 200


def test_the_filter_offers_the_lists_that_one_may_import(center: Center):
    client = Client()
    client.force_login(MembershipFactory(role=RoleName.ASSESSOR, center=center).user)

    form = client.get(reverse("imports:index")).context["filters"].form

    assert [value for value, _label in form.fields["kind"].choices] == ["", ImportKind.RESULTS]
