"""A change of a row invalidates the cached pages that show it."""

from typing import Any

import pytest
from django.db import transaction
from django.db.models.deletion import Collector
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import resolve
from pytest_django.fixtures import Settings
from wagtail.models import Site

from accounts.models import User, VisualIdentity
from certificates.models import Lookup
from courses.models import CatalogPage, Cohort, ProgramPage
from courses.services.enrollments import enroll, withdraw
from lms.generations import invalidate, invalidate_after_commit
from lms.page_cache import PageCacheMiddleware
from tests.factories.accounts import (
    CenterFactory,
    PersonFactory,
    UserFactory,
)
from tests.factories.courses import CatalogPageFactory, ProgramPageFactory
from tests.factories.pages import root_page
from tests.lms.visitors import LIST, asked_of_the_database, english_locale, shown

pytestmark = pytest.mark.usefixtures("pages")


def test_a_page_that_is_published_is_on_the_next_list(client: Client, catalog: CatalogPage, commit: Any):
    shown(client)

    with commit():
        page = ProgramPageFactory(parent=catalog, title="لحام الأنابيب", live=False)
        page.save_revision().publish()

    assert "لحام الأنابيب" in shown(client)


def test_a_page_that_is_taken_offline_is_gone(client: Client, program: ProgramPage, commit: Any):
    assert program.title in shown(client)
    client.get(program.url)

    with commit():
        program.unpublish()

    assert client.get(program.url).status_code == 404
    assert program.title not in shown(client)


def test_a_page_that_is_deleted_or_moved_is_gone(client: Client, catalog: CatalogPage, commit: Any):
    moved, deleted = ProgramPageFactory(parent=catalog), ProgramPageFactory(parent=catalog)
    elsewhere = CatalogPageFactory(parent=root_page(), locale=english_locale(), slug="elsewhere")
    shown(client)

    with commit():
        deleted.delete()
        moved.move(elsewhere, pos="last-child")

    assert moved.title not in shown(client)
    assert deleted.title not in shown(client)


def test_taking_and_giving_back_a_seat_send_signals(client: Client, cohort: Cohort, commit: Any):
    clerk = UserFactory()
    path = cohort.program.url
    free = shown(client, path)

    with commit():
        seat = enroll(person_id=PersonFactory().pk, cohort_id=cohort.pk, by=clerk)
    full = shown(client, path)
    with commit():
        withdraw(enrollment_id=seat.pk, reason="سافر", by=clerk)

    assert full != free
    assert shown(client, path) == free


def test_a_changed_cohort_sends_a_signal(client: Client, cohort: Cohort, commit: Any):
    before = shown(client, cohort.program.url)

    with commit():
        cohort.seats = 20
        cohort.save()

    assert shown(client, cohort.program.url) != before


def test_an_instructor_who_joins_or_is_renamed_sends_a_signal(client: Client, cohort: Cohort, commit: Any):
    instructor: User = UserFactory(display_name="م. هالة فوزي")
    shown(client, cohort.program.url)

    with commit():
        cohort.instructors.add(instructor)
    assert "هالة فوزي" in shown(client, cohort.program.url)
    with commit():
        instructor.display_name = "م. هالة سعيد"
        instructor.save(update_fields=["display_name"])

    assert "هالة سعيد" in shown(client, cohort.program.url)


def test_a_new_name_of_the_site_is_on_every_page(client: Client, catalog: CatalogPage, commit: Any):
    shown(client)

    with commit():
        identity = VisualIdentity.for_site(Site.objects.get())
        identity.name_ar = "حِرفة"
        identity.save()

    assert "حِرفة" in shown(client)


def test_a_changed_center_sends_a_signal(client: Client, catalog: CatalogPage, commit: Any):
    center = CenterFactory(name_ar="مركز شبرا")
    assert "مركز شبرا" in shown(client, "/ar/centers/")

    with commit():
        center.name_ar = "مركز روض الفرج"
        center.save()

    assert "مركز روض الفرج" in shown(client, "/ar/centers/")


def test_who_logs_in_changes_no_page(client: Client, program: ProgramPage, commit: Any):
    user = UserFactory()
    client.get(LIST)

    with commit():
        user.save(update_fields=["last_login"])
        UserFactory()

    assert asked_of_the_database(client) == 0


def test_rows_that_no_visitor_reads_are_deleted_without_being_fetched():
    assert Collector(using="default").can_fast_delete(Lookup.objects.all())


def test_what_is_rolled_back_changes_no_page(client: Client, program: ProgramPage, commit: Any):
    client.get(LIST)

    with commit(), pytest.raises(ZeroDivisionError), transaction.atomic():
        program.unpublish()
        raise ZeroDivisionError

    assert asked_of_the_database(client) == 0
    assert program.title in shown(client)


def test_a_page_made_while_another_one_was_published_is_not_kept(
    settings: Settings,
):
    settings.PAGE_CACHE_SECONDS = 60
    made = []

    def view(request: HttpRequest) -> HttpResponse:
        request.resolver_match = resolve(LIST)
        made.append(request)
        if len(made) == 1:
            # After the rows were read, before the page is kept.
            invalidate()
        return HttpResponse(str(len(made)))

    cached = PageCacheMiddleware(view)

    assert [cached(RequestFactory().get(LIST)).content for _visit in range(3)] == [b"1", b"2", b"2"]


def test_many_changes_of_one_transaction_invalidate_once(program: ProgramPage, commit: Any):
    with commit() as callbacks:
        for _change in range(3):
            invalidate_after_commit()

    assert len(callbacks) == 1
