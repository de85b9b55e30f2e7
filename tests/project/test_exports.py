"""Every list of the staff workplace exports what it shows, as CSV and XLSX, and the audit trail has who took it. The statements of
each list and its export are counted in the same walk, for which its rows are made once.
"""

import csv
import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, get_resolver, resolve, reverse
from django.utils.translation import override
from openpyxl import load_workbook
from wagtail.admin.views.generic.base import BaseListingView

from accounts.enums import RoleName
from accounts.models import AuditEntry, User
from accounts.scoping.exports import SafeExport, name_of_sheet
from tests.factories import rows
from tests.factories.accounts import (
    CenterFactory,
    PersonFactory,
    UserFactory,
    holder_of_every_role,
    staff_member,
)
from tests.factories.courses import CohortFactory, LessonPageFactory
from tests.project.test_fence import LISTS, Page, by_name, pages

rows.load()

LATIN = re.compile("[A-Za-z]")
# The name of a standard.
LATIN_HEADINGS = {"رمز ISO 3166-2"}


def in_latin(headings: list[str]) -> list[str]:
    return [one for one in headings if LATIN.search(one) and one not in LATIN_HEADINGS]


@pytest.fixture
def user(db: None) -> User:
    return holder_of_every_role(None)


@pytest.fixture
def client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def as_csv(client: Client, name: str, **query: Any) -> list[list[str]]:
    answer = client.get(reverse(name), {**query, "export": "csv"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.reader(io.StringIO(text)))


def as_xlsx(client: Client, name: str, **query: Any) -> list[tuple[Any, ...]]:
    answer = client.get(reverse(name), {**query, "export": "xlsx"})
    data = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    return list(load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True))


@pytest.mark.walks("every list, with rows, in three forms")
@pytest.mark.parametrize("page", LISTS, ids=by_name)
def test_a_list_shows_and_exports_three_rows_with_as_many_statements_as_one(
    client: Client, user: User, page: Page
):
    build = rows.ROWS[page.viewset.model]
    build(CenterFactory())
    opened(client, page)  # fills the caches of content types and sites
    with CaptureQueriesContext(connection) as shown_one:
        opened(client, page)
    with CaptureQueriesContext(connection) as exported_one:
        [_headings, *line_of_one] = as_csv(client, page.name)
    build(CenterFactory())
    build(CenterFactory())
    with CaptureQueriesContext(connection) as shown_three:
        shown = opened(client, page)
    with CaptureQueriesContext(connection) as exported_three:
        [headings, *lines] = as_csv(client, page.name)
    [headings_of_xlsx, *lines_of_xlsx] = as_xlsx(client, page.name)

    assert len(shown_three) == len(shown_one)
    assert len(exported_three) == len(exported_one)
    count = shown["paginator"].count if shown.get("paginator") else len(shown["object_list"])
    assert all(headings)
    assert in_latin(headings) == []
    assert list(headings_of_xlsx) == headings
    assert all(len(line) == len(headings) for line in lines)
    # A row is logged for each export, and the audit trail is a list, too.
    if page.viewset.model is not AuditEntry:
        assert len(lines_of_xlsx) == len(lines) == count > len(line_of_one) > 0
    assert not [cell for line in lines for cell in line if " object at 0x" in cell or "<a " in cell]
    logged = AuditEntry.objects.with_contents().filter(action__endswith=".export", by=user)
    assert [entry.log_entry.data["format"] for entry in logged] == ["xlsx", "csv", "csv"]  # type: ignore[union-attr]


def opened(client: Client, page: Page) -> Any:
    """What a list shows in Arabic."""
    with override("ar"):
        answer = client.get(reverse(page.name))
    assert answer.status_code == 200
    return answer.context


# Lists of the workplace that are not exported, and why.
PICTURES = "It shows pictures and files, which a spreadsheet cannot."
SUPERUSERS = "Superusers set up the site here."
WITHOUT_EXPORT = {
    "marking_agreement": "Figures of pairs of named colleagues, to talk about with them: a file of them outlives the talk.",
    "wagtailimages:index": PICTURES,
    "wagtaildocs:index": PICTURES,
    "call_backs:counts": "It is a page of counts for auditors; the desk exports the requests.",
    "wagtailsnippets:index": "It is closed: templates of certificates have a place in the menu.",
    "wagtailadmin_reports:page_types_usage": "It counts kinds of pages, for those who build the site.",
    "wagtailadmin_collections:index": SUPERUSERS,
    "wagtailadmin_workflows:index": SUPERUSERS,
    "wagtailadmin_workflows:task_index": SUPERUSERS,
    "wagtaillocales:index": SUPERUSERS,
    "wagtailsites:index": SUPERUSERS,
    "jobs": "It shows the newest jobs of each kind, for operators to act on now.",
}


# tests/certificates/renewals/test_renewal_lists.py exports them.
NEED_A_CHOICE = {"credentials:ending", "credentials:bases"}
# Have nothing before the first day is recorded; `insights/test_pages.py` exports them.
NEED_A_DAY = {"figures", "figures_attendance", "figures_centers"}


def shows_a_list(page: Page) -> bool:
    view = getattr(page.callback, "view_class", None)
    if page.arguments or view is None or page.name.endswith("_results") or "chooser" in page.name:
        return False
    return issubclass(view, BaseListingView) or "<table" in template_of(view)


def template_of(view: Any) -> str:
    try:
        return str(get_template(view.template_name).template.source)
    except (AttributeError, TypeError, TemplateDoesNotExist):
        return ""


def listed() -> Iterator[tuple[str, Any]]:
    """The lists of the workplace with the view that answers at their address: ours may be before one of Wagtail's."""
    for page in pages(get_resolver()):
        if page.callback and not page.arguments and page.name.rpartition(":")[2] != "None":
            try:
                address = reverse(page.name)
            except NoReverseMatch:
                continue
            if address.startswith("/admin/") and shows_a_list(page):
                yield page.name, getattr(resolve(address).func, "view_class", None)


def test_every_list_of_the_workplace_is_exported_or_says_why_not():
    lists = dict(listed())
    without = {name for name, view in lists.items() if view is None or not issubclass(view, SafeExport)}

    assert {"governorate:index", "credentials:ending", "wagtailadmin_reports:locked_pages"} <= lists.keys()
    assert without == WITHOUT_EXPORT.keys()


def test_the_other_lists_are_exported_in_the_language_of_the_reader(client: Client, user: User):
    others = [
        name
        for name, view in listed()
        if name not in {page.name for page in LISTS} | NEED_A_CHOICE | NEED_A_DAY
        and view is not None
        and issubclass(view, SafeExport)
    ]

    headings = {name: as_csv(client, name)[0] for name in others}

    assert {"captions:missing", "wagtailadmin_reports:locked_pages"} <= set(others)
    assert {name: in_latin(those) for name, those in headings.items() if in_latin(those)} == {}
    assert {entry["list"] for entry in exports_of(user)} >= {"accounts.Governorate", "wagtailcore.Page"}


def test_the_report_of_locked_pages_is_exported_with_its_pages(user: User):
    page = LessonPageFactory(title="=درس مغلق", locked=True, locked_by=user)
    superuser = UserFactory(is_superuser=True)
    client = Client()
    client.force_login(superuser)

    shown = client.get(reverse("wagtailadmin_reports:locked_pages")).content.decode()
    [headings, line] = as_csv(client, "wagtailadmin_reports:locked_pages")
    [_headings, row] = as_xlsx(client, "wagtailadmin_reports:locked_pages_results")

    assert "?export=xlsx" in shown
    assert line[headings.index("العنوان")] == f"'{page.title}"
    assert page.title in row
    assert [entry["rows"] for entry in exports_of(superuser)] == [1, 1]


def exports_of(user: User) -> Iterator[dict[str, Any]]:
    for entry in AuditEntry.objects.with_contents().filter(action="accounts.list.export", by=user):
        assert entry.log_entry
        yield entry.log_entry.data


def test_an_export_holds_what_the_filter_and_the_fence_leave(db: None):
    center = CenterFactory()
    registrar = staff_member(RoleName.REGISTRAR, center)
    client = Client()
    client.force_login(registrar)
    kept = CohortFactory(center=center, state="open")
    CohortFactory(center=center, state="closed")
    CohortFactory(state="open")

    [_headings, *lines] = as_csv(client, "cohort:index", state="open")

    assert [line[0] for line in lines] == [kept.code]
    assert list(exports_of(registrar)) == [
        {"list": "courses.Cohort", "format": "csv", "filters": {"state": "open"}, "rows": 1}
    ]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t=", "\r="])
def test_no_cell_of_an_export_is_a_formula(client: Client, sign: str):
    PersonFactory(full_name_ar=f"{sign}1+1", full_name_en="")

    cells = [cell for line in as_csv(client, "person:index") for cell in line if "1+1" in cell]
    workbook = [cell for line in as_xlsx(client, "person:index") for cell in line if "1+1" in str(cell)]

    assert cells
    assert all(cell.startswith("'") for cell in cells)
    assert workbook
    assert all(isinstance(cell, str) for cell in workbook)


@pytest.mark.parametrize(("language", "name"), [("ar", "المجموعات"), ("en", "Cohorts")])
def test_the_sheet_of_a_workbook_says_what_its_rows_are(client: Client, language: str, name: str):
    answer = client.get(reverse("cohort:index"), {"export": "xlsx"}, headers={"accept-language": language})

    workbook = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    assert workbook.sheetnames == [name]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("=cmd|' /C calc'!A0", "cmd|' C calc' A0"),
        ("'+Questions/[2026]: *all*?'", "Questions 2026 all"),
        ("\u2068الدفعات\u2069\x00", "الدفعات"),
        ("س" * 40, "س" * 31),
        ("@==", "Table"),
    ],
)
def test_a_sheet_has_a_short_name_that_no_program_reads_as_a_formula(title: str, name: str):
    with override("en"):
        assert name_of_sheet(title) == name


@pytest.mark.parametrize(("language", "is_right_to_left"), [("ar", True), ("en", False)])
def test_a_workbook_runs_as_its_reader_reads(client: Client, language: str, is_right_to_left: bool):
    CohortFactory()

    answer = client.get(reverse("cohort:index"), {"export": "xlsx"}, headers={"accept-language": language})

    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active  # type: ignore[attr-defined]
    assert bool(sheet.sheet_view.rightToLeft) == is_right_to_left


def test_the_downloads_of_a_list_have_a_word_that_is_seen(client: Client):
    page = client.get(reverse("cohort:index"), headers={"accept-language": "en"})

    [menu] = [button for button in page.context["header_buttons"] if button.label == "Download"]
    assert [button.url.split("?")[1] for button in menu.dropdown_buttons] == ["export=xlsx", "export=csv"]
    assert "dots-horizontal" not in [button.icon_name for button in page.context["header_buttons"]]


def test_the_trail_has_the_name_of_a_row_that_a_filter_chose_and_of_no_row_of_another_center(db: None):
    center = CenterFactory()
    registrar = staff_member(RoleName.REGISTRAR, center)
    client = Client()
    client.force_login(registrar)
    own, foreign = CohortFactory(center=center), CohortFactory()

    for cohort in (own, foreign):
        client.get(reverse("enrollment:index"), {"cohort": cohort.pk, "export": "csv"})

    named = [entry.get("named") for entry in exports_of(registrar)]
    assert named == [None, {"cohort": str(own)}]
