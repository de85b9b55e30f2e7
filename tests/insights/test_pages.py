"""The figures of the workplace: fenced, filtered, opened to their rows, exported."""

import csv
import datetime as dt
import io
import re
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import override

from accounts.enums import RoleName
from accounts.models import Center, SavedView, User
from courses.enums import EnrollmentState, WithdrawalReason
from courses.models import Enrollment
from insights import reports
from insights.enums import Cut, Stage
from insights.models import EnrollmentSpan
from insights.reports import FigureRowsView
from tests.factories.accounts import staff_member
from tests.factories.insights import enrolled, record_day, yesterday

DAY = dt.timedelta(days=1)
PAGES = ("figures", "figures_attendance", "figures_centers")

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor(client: Client) -> User:
    user = staff_member(RoleName.AUDITOR)
    client.force_login(user)
    return user


def world(center: Center, other: Center) -> None:
    enrolled(center=center, person__sex="female", days_ago=3)
    enrolled(center=center, person__sex="male", days_ago=70)
    enrolled(center=center, state=EnrollmentState.WITHDRAWN, withdrawn_for=WithdrawalReason.WORK)
    enrolled(center=other, state=EnrollmentState.FAILED)


def linked_numbers(html: str) -> list[tuple[str, int]]:
    """Addresses of rows with the number that leads to them."""
    found = re.findall(r'<a href="([^"]*/figures/rows/[^"]*)">([0-9]+)</a>', html)
    return [(address.replace("&amp;", "&"), int(number)) for address, number in found]


def rows_at(address: str, user: User) -> int:
    """How many rows the page at an address lists: that view, without what it renders."""
    request, view = RequestFactory().get(address), FigureRowsView()
    request.user = user
    view.setup(request)
    return view.get_base_queryset().count()


@pytest.mark.parametrize(
    ("page", "cut"),
    [
        ("figures", Cut.AGE_BAND),
        ("figures", Cut.ENROLLED_MONTH),
        ("figures_attendance", Cut.OCCUPATION),
        ("figures_centers", Cut.CENTER),
    ],
)
def test_every_number_is_the_count_of_the_rows_that_it_leads_to(
    client: Client, auditor: User, center: Center, other_center: Center, page: str, cut: Cut
):
    world(center, other_center)
    record_day()

    html = client.get(reverse(page), {"by": cut}).content.decode()

    numbers = linked_numbers(html)
    assert numbers
    for address, number in numbers:
        assert rows_at(address, auditor) == number
    assert client.get(numbers[-1][0]).context["paginator"].count == numbers[-1][1]


def test_a_center_sees_its_own_figures_and_rows(
    client: Client, center: Center, other_center: Center, manager: User
):
    world(center, other_center)
    record_day()
    client.force_login(manager)

    figures = client.get(reverse("figures"))
    rows = client.get(reverse("figure_rows"))
    foreign = client.get(reverse("figures"), {"center": other_center.pk})

    assert figures.context["totals"].enrolled == rows.context["paginator"].count == 3
    assert "center" in foreign.context["form"].errors


def test_an_inspector_sees_numbers_and_no_names(client: Client, center: Center, other_center: Center):
    world(center, other_center)
    record_day()
    client.force_login(staff_member(RoleName.INSPECTOR))

    response = client.get(reverse("figures"))

    assert response.context["totals"].enrolled == 4
    assert not linked_numbers(response.content.decode())
    assert client.get(reverse("figure_rows")).status_code == 404


def test_rows_of_a_past_day_are_as_they_were_with_what_changed_since(
    client: Client, auditor: User, center: Center
):
    enrollment = enrolled(center=center, days_ago=3)
    first = record_day(yesterday() - DAY)
    Enrollment.objects.filter(pk=enrollment.pk).update(
        state=EnrollmentState.WITHDRAWN, withdrawn_for=WithdrawalReason.HEALTH
    )
    record_day()

    then = client.get(reverse("figure_rows"), {"day": f"{first.day:%Y-%m-%d}", "measure": "active"})
    now = client.get(reverse("figure_rows"), {"measure": "active"})

    (row,) = then.context["object_list"]
    assert row.stage == Stage.ACTIVE
    with override("ar"):
        assert capfirst(str(WithdrawalReason.HEALTH.label)) in row.changed
    assert now.context["paginator"].count == 0


@pytest.mark.parametrize(
    ("asked", "field", "words"),
    [
        ({"since": "2026-09", "until": "2026-03"}, "until", "تنتهي الفترة قبل أن تبدأ"),
        ({"since": "1926-01", "until": "2026-01"}, "until", "أطول من 10 سنوات"),
        ({"since": "2026-13"}, "since", "مثل 2026-09"),
        ({"day": "2999-01-01"}, "day", "بعد انتهائه"),
        ({"day": "2001-01-01"}, "day", "الأرقام مسجَّلة ابتداءً من"),
    ],
)
def test_what_cannot_be_answered_is_refused_with_words(
    client: Client, auditor: User, asked: dict[str, str], field: str, words: str
):
    enrolled()
    record_day()

    response = client.get(reverse("figures"), asked)

    assert words in str(response.context["form"].errors[field])
    assert client.get(reverse("figure_rows"), asked).context["paginator"].count == 0


@pytest.mark.parametrize("page", [*PAGES, "figure_rows"])
def test_a_page_asks_the_database_as_often_for_three_rows_as_for_one(
    client: Client, auditor: User, center: Center, other_center: Center, page: str
):
    def statements() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse(page))
        return len(asked)

    enrolled(center=center)
    record_day(yesterday() - DAY)
    statements()
    one = statements()
    for place in (center, other_center):
        enrolled(center=place)
    record_day()

    assert statements() == one


def test_figures_are_exported_with_numbers_and_rows_line_by_line(
    client: Client, auditor: User, center: Center, other_center: Center, monkeypatch: pytest.MonkeyPatch
):
    world(center, other_center)
    record_day()

    table = exported(client, "figures", by="center")
    rows = exported(client, "figure_rows", measure="dropped")

    assert sorted(enrolled for _center, enrolled, *_others in table[1:]) == ["1", "3"]
    assert len(rows) == 1 + 2
    assert client.get(reverse("figure_rows"), {"export": "xlsx"}).status_code == 200
    monkeypatch.setattr(reports, "MOST_ROWS_OF_A_WORKBOOK", 3)
    refused = client.get(reverse("figure_rows"), {"export": "xlsx"}, follow=True)
    assert "لـ 3 صف" in refused.content.decode()
    assert EnrollmentSpan.objects.count() == 4


@pytest.mark.parametrize("page", ["figure_rows", "person:index"])
def test_no_row_of_an_export_is_read_before_the_file_begins(
    client: Client, auditor: User, center: Center, other_center: Center, page: str
):
    """A million rows at once are gigabytes, of which the reader has seen none."""
    world(center, other_center)
    record_day()
    reads = re.compile(r'SELECT (DISTINCT )?"(insights_enrollmentspan|accounts_person)"')

    with CaptureQueriesContext(connection) as asked:
        response = client.get(reverse(page), {"export": "csv"})
        before = [query["sql"] for query in asked.captured_queries if reads.match(query["sql"])]
    lines = b"".join(response.streaming_content).decode().splitlines()

    assert before == []
    assert len(lines) > 3


def exported(client: Client, page: str, **asked: str) -> list[list[str]]:
    response = client.get(reverse(page), {**asked, "export": "csv"})
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_a_number_keeps_what_was_asked(client: Client, auditor: User, center: Center, other_center: Center):
    world(center, other_center)
    record_day()

    html = client.get(reverse("figures"), {"sex": "female", "by": "age_band"}).content.decode()

    for address, _number in linked_numbers(html):
        assert parse_qs(urlsplit(address).query)["sex"] == ["female"]


@pytest.mark.parametrize("page", PAGES)
def test_what_is_asked_of_the_figures_is_kept_under_a_name_without_centers_that_one_left(
    client: Client, center: Center, other_center: Center, page: str
):
    manager = staff_member(RoleName.CENTER_MANAGER, center)
    client.force_login(manager)
    record_day()
    asked = {"center": [str(center.pk)], "sex": ["female"], "by": ["occupation"]}
    of = {"of": reverse(page), "asked": urlencode({"sex": "female", "center": center.pk})}

    client.post(f"{reverse('list_views')}?{urlencode(of)}", {"name": "الفتيات"})
    view = SavedView.objects.get(name="الفتيات")
    SavedView.objects.filter(pk=view.pk).update(parameters={**asked, "center": [str(other_center.pk)]})
    shown = client.get(reverse(page), {"saved": view.pk}, follow=True)

    assert view.parameters == {"center": [str(center.pk)], "sex": ["female"]}
    assert shown.context["asked"].sex == "female"
    assert shown.context["asked"].center is None
    assert "الفتيات" in shown.text


def test_views_of_figures_are_not_said_to_be_of_a_list(client: Client, auditor: User):
    of = {"of": reverse("figures"), "asked": "sex=female"}
    client.post(f"{reverse('list_views')}?{urlencode(of)}", {"name": "الفتيات"})

    kept = BeautifulSoup(client.get(reverse("list_views"), of).text, "html.parser").select_one(".kept")
    above = BeautifulSoup(client.get(reverse("figures")).text, "html.parser").select_one(".views")

    assert "الفتيات" in kept.text
    assert "القائمة" not in kept.text
    assert "بلا عرض محفوظ" in above.text


def test_the_home_page_of_the_ministry_has_the_figures_of_yesterday_each_with_its_people(
    client: Client, center: Center
):
    enrolled(center=center)
    record_day()
    officer = staff_member(RoleName.MINISTRY_OFFICER)
    client.force_login(officer)

    home = client.get(reverse("wagtailadmin_home")).content.decode()

    [address] = re.findall(r'href="([^"]*/figures/rows/[^"]*measure=enrolled[^"]*)"', home)
    assert rows_at(address.replace("&amp;", "&"), officer) == 1
    assert 'id="key-figures"' in home


def test_the_home_page_of_a_center_has_no_figures_of_the_ministry(client: Client, center: Center):
    record_day()
    client.force_login(staff_member(RoleName.CENTER_MANAGER, center))

    home = client.get(reverse("wagtailadmin_home")).content.decode()

    assert 'id="key-figures"' not in home
