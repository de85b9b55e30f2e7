"""Trainees see what their cohort was pinned to, whatever becomes of its pages, pictures, videos and captions."""

import json
import re
from collections.abc import Callable
from difflib import unified_diff
from typing import Any
from uuid import UUID

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, models, transaction
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Locale, Page

from accounts.models import User
from assessment.models import QuizPage
from courses.enums import CorrectionReason, EnrollmentState
from courses.errors import (
    CohortClosed,
    ContentUnchanged,
    NoCohortToCorrect,
    PageNotYours,
    ReasonMissing,
)
from courses.models import (
    Cohort,
    ContentVersion,
    CoursePage,
    Enrollment,
    LessonPage,
    PinnedUnit,
    UnitProgress,
    UrgentCorrection,
)
from courses.queries.outline import unit_address
from courses.queries.requirements import requirements
from courses.queries.videos import is_shown_somewhere
from courses.services.content import (
    complete_who_is_eligible,
    correct_urgently,
    freeze_content,
    take_newest_content,
)
from courses.services.progress import complete_unit
from media_pipeline.models import PublishedVersion
from media_pipeline.queries.versions import unused_versions
from tests.courses.pages.conftest import School
from tests.factories.accounts import TraineeFactory, UserFactory
from tests.factories.assessment import QuizPageFactory, quizzed_cohort, single
from tests.factories.courses import (
    CohortFactory,
    EnrollmentFactory,
    LessonPageFactory,
    closed,
)
from tests.factories.media_pipeline import published_video

pytestmark = pytest.mark.filterwarnings(
    # Wagtail leaves the file of a new rendition open.
    "ignore:Exception ignored in.*SpooledTemporaryFile:pytest.PytestUnraisableExceptionWarning"
)

# What differs between two answers about the same: tokens of forms and of the CSP, and when addresses end.
MEANS_NOTHING = re.compile(
    r'csrfmiddlewaretoken" value="\w+"|data-csrf="\w+"|nonce="[^"]+"|/media/[vt]/\d+-\w+/[\w-]+/'
)


class Class:
    """A lesson with text, picture, file and video, and a quiz, taught to one trainee."""

    def __init__(self, course: CoursePage) -> None:
        self.course = course
        self.picture = Image.objects.create(title="لوحة", file=get_test_image_file())
        self.sheet = Document.objects.create(title="ورقة", file=ContentFile(b"%PDF-1.4", name="sheet.pdf"))
        self.video = published_video()
        blocks = [
            {"type": "text", "value": "<p>افصل القاطع الرئيسي.</p>"},
            {"type": "video", "value": self.video.pk},
            {"type": "picture", "value": {"image": {"image": self.picture.pk, "alt_text": "لوحة"}}},
            {"type": "attachment", "value": {"document": self.sheet.pk, "title": ""}},
        ]
        self.lesson: LessonPage = LessonPageFactory(parent=course, title="اللوحة", body=json.dumps(blocks))
        self.quiz: QuizPage = QuizPageFactory(parent=course, title="اختبار اللوحة")
        self.cohort: Cohort = quizzed_cohort(self.quiz)
        self.trainee: User = TraineeFactory()
        self.enrollment: Enrollment = EnrollmentFactory(person=self.trainee.person, cohort=self.cohort)
        self.client = Client()
        self.client.force_login(self.trainee)

    def seen(self) -> list[str]:
        """Every page of the trainee, in both languages, without what means nothing."""
        addresses = []
        for language in ("ar", "en"):
            with override(language):
                addresses.append(reverse("courses:my_learning"))
                addresses += [
                    unit_address(self.enrollment, page.translation_key) for page in (self.lesson, self.quiz)
                ]
        answers = [self.client.get(address) for address in addresses]
        assert [answer.status_code for answer in answers] == [200] * len(addresses)
        return [MEANS_NOTHING.sub("", answer.content.decode()) for answer in answers]

    def counts(self) -> list[Any]:
        return [
            (clause.kind, clause.needed, clause.reached, clause.missing)
            for clause in requirements(self.enrollment)
        ]


@pytest.fixture
def taught(school: School) -> Class:
    english = Locale.objects.get_or_create(language_code="en")[0]
    school.course.copy_for_translation(english, copy_parents=True)
    return Class(school.course)


def edited(taught: Class) -> None:
    for page in (taught.lesson, taught.quiz):
        page.title = "عنوان آخر"
        page.is_required = False
        page.save_revision().publish()
    lesson = LessonPage.objects.get(pk=taught.lesson.pk)
    lesson.body = json.dumps([{"type": "text", "value": "<p>نص آخر</p>"}])
    lesson.save_revision().publish()
    quiz = QuizPage.objects.get(pk=taught.quiz.pk)
    quiz.questions = [single("سؤال آخر؟")]
    quiz.attempts_allowed, quiz.pass_percent = 1, 100
    quiz.save_revision().publish()


def unpublished(taught: Class) -> None:
    taught.lesson.unpublish()
    taught.quiz.unpublish()


def deleted(taught: Class) -> None:
    for page in (taught.lesson, taught.quiz):
        Page.objects.get(pk=page.pk).delete()


def translated(taught: Class) -> None:
    """The units alone: their program and course were translated before."""
    english = Locale.objects.get(language_code="en")
    for page in (taught.lesson, taught.quiz):
        copy = page.copy_for_translation(english)
        copy.title = "The board"
        copy.save_revision().publish()


def moved(taught: Class) -> None:
    elsewhere = CoursePage.objects.exclude(pk=taught.course.pk).first() or taught.course.copy(
        update_attrs={"slug": "elsewhere", "title": "أخرى"}, copy_revisions=False, recursive=False
    )
    LessonPage.objects.get(pk=taught.lesson.pk).move(elsewhere, pos="last-child")


def captioned(taught: Class) -> None:
    """A new version of the video, as captions or another encoding make one."""
    now = taught.video.published
    captions = [{"name": "captions-ar", "language": "ar", "label": "العربية", "kind": "captions"}]
    taught.video.published = PublishedVersion.objects.create(
        video=taught.video,
        number=now.number + 1,
        path=f"{taught.video.public_id.hex}/{now.number + 1}",
        seconds=now.seconds + 100,
        has_poster=False,
        captions=captions,
        plan=now.plan,
    )
    taught.video.save()


CHANGES: list[Callable[[Class], None]] = [edited, unpublished, deleted, translated, moved, captioned]


@pytest.mark.parametrize("change", CHANGES)
def test_what_trainees_see_and_what_counts_stays_to_the_byte(taught: Class, change: Callable[[Class], None]):
    # The first visit opens the units.
    taught.seen()
    before, counted = taught.seen(), taught.counts()

    change(taught)

    after = taught.seen()
    assert [
        line
        for was, now in zip(before, after, strict=True)
        for line in unified_diff(was.split("\n"), now.split("\n"))
    ] == []
    assert taught.counts() == counted


@pytest.mark.parametrize("change", [edited, captioned])
def test_the_next_cohort_sees_the_new(taught: Class, change: Callable[[Class], None]):
    change(taught)
    program = taught.course.get_parent().specific

    version = freeze_content(program_id=program.pk, by=UserFactory())
    later = EnrollmentFactory(cohort=CohortFactory(program=program, content_version=version))
    client = Client()
    client.force_login(TraineeFactory(person=later.person))
    page = client.get(unit_address(later, taught.lesson.translation_key)).content.decode()

    assert version != taught.cohort.content_version
    assert ("نص آخر" if change is edited else "captions-ar") in page


def test_a_quiz_is_taken_and_marked_as_it_was_pinned(taught: Class):
    edited(taught)

    answer = taught.client.post(
        reverse("assessment:start", args=[taught.quiz.translation_key]), follow=True
    ).content.decode()

    attempt = taught.enrollment.attempts.get()
    assert "سؤال آخر" not in answer
    assert (len(attempt.versions), attempt.pass_percent) == (2, 60)


def test_a_version_of_a_video_that_a_running_cohort_sees_is_not_retired(taught: Class):
    pinned = taught.video.published
    captioned(taught)

    kept = unused_versions().filter(pk=pinned.pk).exists()
    closed(taught.cohort)

    assert not kept
    assert unused_versions().filter(pk=pinned.pk).exists()


def test_a_video_that_a_running_cohort_sees_counts_as_shown(taught: Class):
    deleted(taught)

    assert is_shown_somewhere(taught.video)


@pytest.mark.parametrize("kind", ["picture", "sheet"])
def test_a_pinned_picture_or_file_is_not_deleted(taught: Class, kind: str):
    with pytest.raises(models.ProtectedError):
        getattr(taught, kind).delete()


def test_the_file_of_a_pinned_picture_or_document_is_not_replaced(
    taught: Class, superuser: User, client: Client
):
    client.force_login(superuser)
    picture, sheet = taught.picture.file.name, taught.sheet.file.name
    new_picture = SimpleUploadedFile("new.png", get_test_image_file().file.getvalue(), "image/png")
    new_sheet = SimpleUploadedFile("new.pdf", b"%PDF-1.4 new", "application/pdf")

    answers = [
        client.post(
            reverse("wagtailimages:edit", args=[taught.picture.pk]), {"title": "لوحة", "file": new_picture}
        ),
        client.post(
            reverse("wagtaildocs:edit", args=[taught.sheet.pk]), {"title": "ورقة", "file": new_sheet}
        ),
    ]

    for answer in answers:
        assert "مجموعات" in answer.content.decode()
    assert Image.objects.get().file.name == picture
    assert Document.objects.get().file.name == sheet


# --- Urgent corrections ------------------------------------------------------------------------------------------


def correct(unit: Page, by: User, note: str = "رقم القاطع كان خطأ") -> list[UrgentCorrection]:
    return correct_urgently(unit_key=unit.translation_key, reason=CorrectionReason.SAFETY, note=note, by=by)


def test_an_urgent_correction_reaches_running_cohorts_with_its_note(taught: Class, ministry: User):
    edited(taught)

    (correction,) = correct(taught.lesson, ministry)

    page = taught.client.get(unit_address(taught.enrollment, taught.lesson.translation_key)).content.decode()
    assert "نص آخر" in page
    assert "رقم القاطع كان خطأ" in page
    assert (correction.before["title"], correction.after["title"]) == ("اللوحة", "عنوان آخر")
    # The promise of what is asked for stays.
    assert correction.after["required"]
    with pytest.raises(NoCohortToCorrect):
        correct(taught.lesson, ministry)


def test_the_note_stays_when_the_cohort_takes_newer_content_and_is_not_for_who_came_later(
    taught: Class, ministry: User
):
    edited(taught)
    correct(taught.lesson, ministry)
    LessonPageFactory(parent=taught.course)
    take_newest_content(cohort_id=taught.cohort.pk, reason="درس جديد", by=ministry)
    newcomer = EnrollmentFactory(cohort=taught.cohort)
    client = Client()
    client.force_login(TraineeFactory(person=newcomer.person))

    pages = [
        one.get(unit_address(enrollment, taught.lesson.translation_key)).content.decode()
        for one, enrollment in ((taught.client, taught.enrollment), (client, newcomer))
    ]

    assert ["رقم القاطع كان خطأ" in page for page in pages] == [True, False]


def test_a_unit_that_is_offline_is_taken_out_and_no_longer_asked_for(taught: Class, ministry: User):
    units = [UUID(unit["unit"]) for unit in taught.cohort.content_version.units]
    done = [key for key in units if key not in (taught.lesson.translation_key, taught.quiz.translation_key)]
    UnitProgress.objects.filter(enrollment=taught.enrollment).update(completed_at=None)
    unpublished(taught)

    correct(taught.lesson, ministry)
    correct(taught.quiz, ministry)

    gone = taught.client.get(unit_address(taught.enrollment, taught.lesson.translation_key))
    assert gone.status_code == 404
    taught.enrollment.refresh_from_db()
    left = [
        UUID(unit["unit"]) for unit in ContentVersion.objects.get(pk=taught.cohort.content_version_id).units
    ]
    assert left == done


def test_who_has_all_but_the_unit_that_is_taken_out_completes(taught: Class, ministry: User):
    for unit in taught.cohort.content_version.units:
        key = UUID(unit["unit"])
        if key == taught.quiz.translation_key:
            continue
        UnitProgress.objects.update_or_create(
            enrollment=taught.enrollment,
            unit_key=key,
            defaults=dict.fromkeys(
                ("opened_at", "updated_at", "allowed_at", "completed_at"), "2026-11-01T00:00Z"
            ),
        )
    taught.quiz.unpublish()

    correct(taught.quiz, ministry)
    complete_who_is_eligible(version_id=taught.cohort.content_version_id)

    taught.enrollment.refresh_from_db()
    assert taught.enrollment.state == EnrollmentState.COMPLETED


def test_an_urgent_correction_is_the_ministrys_and_needs_words(
    taught: Class, publisher: User, ministry: User
):
    edited(taught)

    with pytest.raises(PageNotYours):
        correct(taught.lesson, publisher)
    with pytest.raises(ReasonMissing):
        correct(taught.lesson, ministry, note="  ")
    assert not UrgentCorrection.objects.exists()


def test_a_closed_cohort_is_not_corrected(taught: Class, ministry: User):
    edited(taught)
    closed(taught.cohort)

    with pytest.raises(NoCohortToCorrect):
        correct(taught.lesson, ministry)


def test_the_database_keeps_what_was_pinned(taught: Class, ministry: User):
    edited(taught)
    (correction,) = correct(taught.lesson, ministry)
    for change in (
        lambda: ContentVersion.objects.filter(pk=correction.version_id).update(number=99),
        lambda: PinnedUnit.objects.update(content={}),
        lambda: PinnedUnit.objects.all().delete(),
        lambda: UrgentCorrection.objects.update(note=""),
        lambda: UrgentCorrection.objects.all().delete(),
    ):
        with pytest.raises((IntegrityError, models.ProtectedError)), transaction.atomic():
            change()


# --- Moving to newer content -------------------------------------------------------------------------------------


def test_a_cohort_takes_newer_content_and_keeps_its_progress(taught: Class, ministry: User):
    read = LessonPageFactory(parent=taught.course, title="يُقرأ")
    take_newest_content(cohort_id=taught.cohort.pk, reason="درس جديد", by=ministry)
    complete_unit(enrollment_id=taught.enrollment.pk, unit_key=read.translation_key)
    before = Cohort.objects.get(pk=taught.cohort.pk).content_version
    edited(taught)

    cohort = take_newest_content(cohort_id=taught.cohort.pk, reason="نص أوضح", by=ministry)

    assert cohort.content_version.number == before.number + 1
    assert UnitProgress.objects.get(unit_key=read.translation_key).completed_at
    assert "نص آخر" in "".join(taught.seen())


def test_newer_content_needs_a_reason_a_change_and_a_cohort_that_goes_on(taught: Class, ministry: User):
    with pytest.raises(ReasonMissing):
        take_newest_content(cohort_id=taught.cohort.pk, reason=" ", by=ministry)
    with pytest.raises(ContentUnchanged):
        take_newest_content(cohort_id=taught.cohort.pk, reason="لا شيء", by=ministry)
    closed(taught.cohort)
    with pytest.raises(CohortClosed):
        take_newest_content(cohort_id=taught.cohort.pk, reason="متأخر", by=ministry)
