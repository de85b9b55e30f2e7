"""The public figures: of whole quarters, for everyone, once."""

import csv
import datetime as dt
import io

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from accounts.models import Center, Governorate
from courses.models import Cohort
from insights.enums import PublicMeasure
from insights.models import PublicFigure, PublicQuarter, Snapshot
from insights.services.publishing import end_of_quarter, publish_quarter, quarter_before
from tests.factories.courses import CohortFactory, EnrollmentFactory
from tests.factories.insights import published_quarter, record_day, yesterday

pytestmark = pytest.mark.django_db


def enroll_many(cohort: Cohort, people: int, **facts: object) -> None:
    """In the quarter that is published."""
    at = timezone.make_aware(dt.datetime.combine(quarter_before(yesterday()), dt.time(12)))
    for _ in range(people):
        EnrollmentFactory(cohort=cohort, enrolled_at=at, **facts)


@pytest.fixture
def quarter(center: Center, other_center: Center) -> PublicQuarter:
    governorates = Governorate.objects.all()[:2]
    for place, governorate in zip((center, other_center), governorates, strict=True):
        Center.objects.filter(pk=place.pk).update(governorate=governorate)
    women, men = {"person__sex": "female"}, {"person__sex": "male"}
    cohort = CohortFactory(center=center, seats=100)
    enroll_many(cohort, 12, **women)
    enroll_many(cohort, 9, **men)
    other = CohortFactory(center=other_center, program=cohort.program, seats=100)
    enroll_many(other, 11, **women)
    enroll_many(other, 10, **men)
    record_day()
    return PublicQuarter.objects.get()


@pytest.mark.parametrize(
    ("day", "quarter", "last"),
    [
        (dt.date(2026, 10, 1), dt.date(2026, 7, 1), dt.date(2026, 9, 30)),
        (dt.date(2026, 9, 30), dt.date(2026, 7, 1), dt.date(2026, 9, 30)),
        (dt.date(2026, 9, 29), dt.date(2026, 4, 1), dt.date(2026, 6, 30)),
        (dt.date(2027, 1, 1), dt.date(2026, 10, 1), dt.date(2026, 12, 31)),
    ],
)
def test_a_quarter_is_published_when_it_is_over(day: dt.date, quarter: dt.date, last: dt.date):
    assert (quarter_before(day), end_of_quarter(quarter)) == (quarter, last)


def test_the_page_and_the_file_show_the_same_lines(client: Client, quarter: PublicQuarter):
    with override("ar"):
        page = client.get(reverse("insights:public"))
        file = client.get(reverse("insights:public_file"))

    rows = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))
    lines = page.context["lines"]
    assert [int(row["people"]) for row in rows] == [line.people for line in lines]
    # The men of one center are nine, so neither they nor the women are shown there.
    assert sorted(line.people for line in lines) == [10, 10, 11, 11, 21, 21, 42, 42]
    assert page.status_code == 200


@pytest.mark.parametrize(
    ("language", "words"), [("ar", "الربع الثالث من ٢٠٢٦"), ("en", "Third quarter of 2026")]
)
def test_a_quarter_is_named_in_words_on_a_page_that_the_foot_of_each_page_leads_to(
    client: Client, language: str, words: str
):
    published_quarter()
    with override(language):
        address = reverse("insights:public")

    page = client.get(address).content.decode()

    assert f">{words}</option>" in page
    assert f'<a href="{address}">' in page.split('<footer class="footer">')[1]


def test_a_published_quarter_never_changes(quarter: PublicQuarter):
    with pytest.raises(IntegrityError), transaction.atomic():
        PublicFigure.objects.update(people=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        PublicQuarter.objects.all()._raw_delete("default")
    shown = list(PublicFigure.objects.values_list("pk", "people"))
    enroll_many(CohortFactory(), 15)

    assert publish_quarter(snapshot=Snapshot.objects.get()) is None
    assert list(PublicFigure.objects.values_list("pk", "people")) == shown


def test_what_is_not_published_is_not_found(client: Client, quarter: PublicQuarter):
    with override("ar"):
        page, file = reverse("insights:public"), reverse("insights:public_file")

    for address in (page, file):
        assert client.get(address, {"quarter": "1999-01"}).status_code == 404
        assert client.get(address, {"measure": "age"}).status_code == 404
    completed = client.get(page, {"measure": PublicMeasure.COMPLETED.value})
    assert completed.context["lines"] == []


def test_the_page_asks_the_database_as_often_for_many_lines_as_for_none(
    client: Client, quarter: PublicQuarter
):
    def statements(measure: PublicMeasure) -> int:
        with CaptureQueriesContext(connection) as asked, override("ar"):
            client.get(reverse("insights:public"), {"measure": measure.value, "x": "1"})
        return len(asked)

    statements(PublicMeasure.ENROLLED)

    assert statements(PublicMeasure.ENROLLED) <= statements(PublicMeasure.COMPLETED) + 1
