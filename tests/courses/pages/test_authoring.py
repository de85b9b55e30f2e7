"""Writing a lesson: the editor and its messages."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.models import Page

from accounts.models import Center, User
from courses.blocks import LessonBlocks
from courses.enums import CompletesBy
from courses.models import Cohort, LessonPage
from courses.queries.pinning import cohorts_with_other_content
from courses.services.content import take_newest_content
from media_pipeline.models import PublishedVersion, Video
from tests.courses.pages.conftest import School
from tests.factories.courses import CoursePageFactory, LessonPageFactory, lesson_with_video
from tests.factories.media_pipeline import published_video


def publish(client: Client, lesson: LessonPage) -> list[str]:
    """Publish an edited lesson as its author does; the messages that follow."""
    video = lesson.video()
    form = {
        "title": lesson.title,
        "slug": lesson.slug,
        "is_required": "on",
        "body-count": "1",
        "body-0-deleted": "",
        "body-0-order": "0",
        "body-0-type": "video",
        "body-0-id": "",
        "body-0-value": str(video.pk),
        "action-publish": "action-publish",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
    }
    answer = client.post(reverse("wagtailadmin_pages:edit", args=[lesson.pk]), form, follow=True)
    return [str(message) for message in answer.context["messages"]]


def test_publishing_a_video_without_captions_warns_its_author(
    client: Client, school: School, superuser: User
):
    client.force_login(superuser)

    told = publish(client, school.watched)

    assert any("بلا نص مكتوب" in message for message in told)
    assert any(
        f"{reverse('video:inspect', args=[school.watched.video().pk])}#captions" in text for text in told
    )


def test_the_editor_of_a_lesson_warns_of_missing_captions(client: Client, school: School, superuser: User):
    client.force_login(superuser)
    opened = [
        client.get(reverse("wagtailadmin_pages:edit", args=[lesson.pk])).content.decode()
        for lesson in (school.watched, school.read)
    ]

    assert ["بلا نص مكتوب" in page for page in opened] == [True, False]


def test_publishing_a_video_with_captions_warns_of_nothing(client: Client, school: School, superuser: User):
    client.force_login(superuser)
    video = school.watched.video()
    # A published version never changes: captions make the next one. Chapters alone are nothing to read.
    video.published = PublishedVersion.objects.create(
        video=video,
        number=2,
        path=f"{video.public_id.hex}/2",
        seconds=60.0,
        has_poster=False,
        captions=[{"name": "captions-ar", "language": "ar", "label": "العربية", "kind": "captions"}],
        plan={},
    )
    video.save()

    told = publish(client, school.watched)

    assert not any("بلا نص مكتوب" in message for message in told)


def test_a_draft_is_previewed_as_trainees_will_see_it(client: Client, school: School, superuser: User):
    client.force_login(superuser)
    school.watched.save_revision()

    page = client.get(reverse("wagtailadmin_pages:view_draft", args=[school.watched.pk])).content.decode()

    assert "data-player" in page
    assert "/media/v/" in page


@pytest.mark.parametrize(
    ("lesson", "way"), [("watched", CompletesBy.WATCHING), ("read", CompletesBy.READING)]
)
def test_a_video_decides_how_a_lesson_is_completed(school: School, lesson: str, way: CompletesBy):
    assert getattr(school, lesson).completes_by() == way


def test_every_block_shows_an_author_what_it_is(db: None):
    for block in LessonBlocks().child_blocks.values():
        assert block.is_previewable, block.name
        assert block.get_description(), block.name
        assert block.meta.icon != "placeholder", block.name
        assert block.meta.group, block.name


@pytest.mark.parametrize("name", ["text", "callout", "video", "picture", "attachment"])
def test_the_preview_of_a_block_is_drawn(client: Client, superuser: User, name: str):
    client.force_login(superuser)
    block = LessonPage._meta.get_field("body").stream_block.child_blocks[name]

    page = client.get(reverse("wagtailadmin_block_preview"), {"id": block.definition_prefix})

    assert page.status_code == 200
    assert "css/site.css" in page.content.decode()


def test_the_catalog_is_one_a_language_and_holds_programs_and_texts_of_the_ministry(school: School):
    catalog = Page.objects.get(pk=school.program.get_parent().pk).specific

    assert [model.__name__ for model in catalog.allowed_subpage_models()] == ["ProgramPage", "InfoPage"]


def edited(lesson: LessonPage, video: Video, *, by: User) -> WagtailAdminPageForm:
    """The editor's form of a lesson, posted with `video` in its body."""
    data = {
        "title": lesson.title,
        "slug": lesson.slug,
        "body-count": "1",
        "body-0-deleted": "",
        "body-0-order": "0",
        "body-0-type": "video",
        "body-0-id": "",
        "body-0-value": str(video.pk),
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
    }
    form_class = LessonPage.get_edit_handler().get_form_class()
    return form_class(data, instance=lesson, for_user=by, parent_page=lesson.get_parent())


def test_a_video_of_another_center_cannot_be_put_into_a_lesson(manager: User, other_center: Center):
    form = edited(LessonPageFactory(), published_video(center=other_center), by=manager)

    assert "body" in form.errors


def test_a_video_of_the_own_center_can(manager: User, center: Center):
    form = edited(LessonPageFactory(), published_video(center=center), by=manager)

    assert form.is_valid(), form.errors


def test_a_foreign_video_that_stood_in_the_lesson_may_stay(manager: User, other_center: Center):
    lesson = lesson_with_video(CoursePageFactory(), center=other_center)

    form = edited(lesson, lesson.video(), by=manager)

    assert form.is_valid(), form.errors


def test_who_publishes_a_changed_unit_is_told_which_cohorts_go_on_with_what_they_have(
    client: Client, school: School, superuser: User
):
    client.force_login(superuser)
    cohort = school.cohort
    school.watched.title = "عنوان جديد"

    told = publish(client, school.watched)

    address = reverse("cohort:content", args=[cohort.pk])
    assert any(cohort.code in text and address in text for text in told)


def test_cohorts_that_took_the_newest_content_are_not_named(client: Client, school: School, superuser: User):
    client.force_login(superuser)
    publish(client, school.watched)
    lesson = LessonPage.objects.get(pk=school.watched.pk)
    before = cohorts_with_other_content(lesson, among=Cohort.objects.all())

    take_newest_content(cohort_id=school.cohort.pk, reason="محتوى أحدث", by=superuser)

    assert before == [school.cohort]
    assert cohorts_with_other_content(lesson, among=Cohort.objects.all()) == []
