"""A page is taken offline with a reason, and comes back by a review."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale, ModelLogEntry, Page, PageLogEntry, Site

from accounts.enums import RoleName
from accounts.models import Center, User
from courses.enums import CohortState
from courses.errors import (
    CohortsLearn,
    FrontPageStays,
    KeptOffline,
    ReasonMissing,
)
from courses.models import CatalogPage, CoursePage, LessonPage
from courses.models.reviews import TakenOffline
from courses.queries.reviews import reviews_waiting_for
from courses.services.content import freeze_content
from courses.services.reviews import (
    publish_reviewed,
    take_offline,
)
from courses.views.content import buttons_of_page
from courses.work.content import KeptOffline as KeptOfflineWork
from tests.factories.accounts import CenterFactory, staff_member
from tests.factories.courses import CohortFactory, LessonPageFactory, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def lesson(course: CoursePage, author: User) -> LessonPage:
    page: LessonPage = LessonPageFactory(parent=course, owner=author)
    page.save_revision(user=author).publish()
    return page


def test_a_page_is_taken_offline_with_a_reason_and_comes_back_by_a_review(
    client: Client, lesson: LessonPage, author: User, publisher: User
):
    client.force_login(publisher)
    address = reverse("content_offline", args=[lesson.pk])
    assert client.get(address).status_code == 200

    client.post(address, {"reason": "خطأ في رسم الدائرة"})

    lesson.refresh_from_db()
    assert not lesson.live
    entry = PageLogEntry.objects.get(action="courses.page.take_offline")
    assert (entry.user, entry.data["reason"]) == (publisher, "خطأ في رسم الدائرة")
    publish_reviewed(review_id=submitted(lesson, author), by=publisher)
    lesson.refresh_from_db()
    assert lesson.live


def test_it_goes_offline_in_every_language(lesson: LessonPage, publisher: User):
    english = Locale.objects.get_or_create(language_code="en")[0]
    for page in reversed(lesson.get_ancestors(inclusive=True).filter(depth__gt=1).order_by("-depth")):
        translation = page.specific.copy_for_translation(english)
        translation.save_revision().publish()

    take_offline(page_id=lesson.pk, reason="wrong figure", by=publisher)

    assert [page.live for page in lesson.get_translations(inclusive=True)] == [False, False]
    assert all(page.live for page in lesson.get_parent().get_translations(inclusive=True))


def test_the_page_shows_at_once_that_only_the_ministry_can_do_it(
    client: Client, lesson: LessonPage, publisher: User, ministry: User, center: Center
):
    program = lesson.get_parent().get_parent().specific
    version = freeze_content(program_id=program.pk, by=ministry)
    CohortFactory(program=program, center=center, content_version=version, state=CohortState.RUNNING)
    client.force_login(publisher)

    page = client.get(reverse("content_offline", args=[lesson.pk])).content.decode()

    assert "اطلب من الوزارة" in page
    assert 'name="reason"' not in page


def test_without_a_reason_it_stays(lesson: LessonPage, publisher: User):
    with pytest.raises(ReasonMissing):
        take_offline(page_id=lesson.pk, reason="  ", by=publisher)

    assert Page.objects.get(pk=lesson.pk).live


def test_a_page_from_which_cohorts_learn_is_taken_offline_by_the_ministry_only(
    lesson: LessonPage, publisher: User, ministry: User, center: Center
):
    program = lesson.get_parent().get_parent().specific
    version = freeze_content(program_id=program.pk, by=ministry)
    CohortFactory(program=program, center=center, content_version=version, state=CohortState.RUNNING)

    with pytest.raises(CohortsLearn):
        take_offline(page_id=lesson.pk, reason="wrong", by=publisher)

    assert not take_offline(page_id=lesson.pk, reason="wrong", by=ministry).live


def test_the_front_page_stays_online_for_all(course: CoursePage, ministry: User, superuser: User):
    catalog = course.get_parent().get_parent()
    Site.objects.update(root_page=catalog)

    for user in (ministry, superuser):
        with pytest.raises(FrontPageStays):
            take_offline(page_id=catalog.pk, reason="why not", by=user)


def test_wagtails_own_page_to_unpublish_is_closed_to_all(
    client: Client, lesson: LessonPage, publisher: User, superuser: User
):
    for user in (publisher, superuser):
        client.force_login(user)
        client.post(reverse("wagtailadmin_pages:unpublish", args=[lesson.pk]))

    lesson.refresh_from_db()
    assert lesson.live
    assert not ModelLogEntry.objects.filter(action="wagtail.unpublish").exists()


def test_the_root_of_all_pages_is_not_offered_to_be_taken_offline(catalog: CatalogPage, ministry: User):
    root = Page.get_first_root_node()

    addresses = [button.url for button in buttons_of_page(root, ministry, "wagtailadmin_explore")]

    assert reverse("content_offline", args=[root.pk]) not in addresses


def test_what_the_ministry_took_offline_is_published_again_by_the_ministry_only(
    client: Client, lesson: LessonPage, author: User, publisher: User, ministry: User
):
    take_offline(page_id=lesson.pk, reason="رسم خطِر على المتدربين", by=ministry)
    review = submitted(lesson, author)
    client.force_login(publisher)

    with pytest.raises(KeptOffline):
        publish_reviewed(review_id=review, by=publisher)
    page = client.get(reverse("content_review", args=[review])).text
    homes = [[row.page.pk for row in reviews_waiting_for(user)] for user in (publisher, ministry)]
    publish_reviewed(review_id=review, by=ministry)

    lesson.refresh_from_db()
    assert lesson.live
    assert "رسم خطِر على المتدربين" in page
    assert 'name="publish"' not in page
    assert homes == [[], [lesson.pk]]
    assert TakenOffline.of(lesson) is None


def test_its_center_reads_on_the_home_page_what_the_ministry_took_offline_and_why(
    lesson: LessonPage, publisher: User, ministry: User, center: Center
):
    stranger = staff_member(RoleName.CENTER_MANAGER, CenterFactory())
    take_offline(page_id=lesson.pk, reason="رسم خطِر على المتدربين", by=ministry)

    rows = KeptOfflineWork().rows(publisher)

    assert [(row.pk, KeptOfflineWork().line(row).note) for row in rows] == [
        (lesson.pk, "رسم خطِر على المتدربين")
    ]
    assert not KeptOfflineWork().rows(stranger).exists()


def test_what_a_center_took_offline_itself_it_publishes_again(
    lesson: LessonPage, author: User, publisher: User, ministry: User
):
    take_offline(page_id=lesson.pk, reason="رسم قديم", by=ministry)
    publish_reviewed(review_id=submitted(lesson, author), by=ministry)
    take_offline(page_id=lesson.pk, reason="رسم قديم", by=publisher)

    publish_reviewed(review_id=submitted(lesson, author), by=publisher)

    lesson.refresh_from_db()
    assert lesson.live
