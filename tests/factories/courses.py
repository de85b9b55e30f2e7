"""Programs, cohorts and enrollments."""

import datetime as dt
import json
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory
from wagtail.models import Page

from accounts.enums import RoleName
from accounts.models import Center, ContentOwner, User
from courses.clauses import Clauses, Score
from courses.enums import (
    AnnouncementScope,
    AttendanceSource,
    AttendanceStatus,
    CohortState,
    HoldReason,
    ImportKind,
    Sector,
    Shift,
)
from courses.models import (
    Announcement,
    AnnouncementJob,
    CatalogPage,
    ClassSession,
    Cohort,
    CohortFacts,
    CompletionRule,
    CoursePage,
    Enrollment,
    Holiday,
    ImportRun,
    LessonPage,
    ProgramPage,
    SeatHold,
    SkillLevel,
    SynonymGroup,
    UnitProgress,
    Venue,
    WaitingEntry,
)
from courses.queries.closing import outcomes_of_closing
from courses.services.announcements import send_announcement, write_announcement
from courses.services.attendance import record_attendance
from courses.services.closing import close_cohort
from courses.services.cohorts import open_cohort
from courses.services.completion import USUAL, set_completion_rule
from courses.services.content import freeze_content
from courses.services.facts import ask_for_correction, decide_correction, freeze_facts
from courses.services.imports import upload_list
from courses.services.marks import correct_score
from courses.services.progress import complete_unit
from courses.services.reviews import submit_for_review
from tests.factories.accounts import (
    CenterFactory,
    MembershipFactory,
    PersonFactory,
    TraineeFactory,
    UserFactory,
    staff_member,
)
from tests.factories.jobs import job_of
from tests.factories.media_pipeline import published_video
from tests.factories.pages import PageFactory, root_page
from tests.factories.rows import Visit, public, row_of, visit


class CatalogPageFactory(PageFactory):
    class Meta:
        model = CatalogPage

    title = "البرامج"
    slug = factory.Sequence(lambda n: f"programs-{n}")
    parent = factory.LazyFunction(root_page)


def skill_level(code: str) -> SkillLevel:
    """One of the levels that the migrations wrote."""
    return SkillLevel.objects.get(code=code)


class ProgramPageFactory(PageFactory):
    class Meta:
        model = ProgramPage

    title = factory.Sequence(lambda n: f"تمديدات كهربائية {n}")
    slug = factory.Sequence(lambda n: f"program-{n}")
    code = factory.Sequence(lambda n: f"ELE-{n}")
    sector = Sector.ELECTRICITY
    level = factory.LazyFunction(lambda: skill_level("skilled"))
    hours = 120
    summary = "تتعلم تمديد الدوائر وحمايتها وتركيب لوحة توزيع كاملة."
    parent = factory.SubFactory(CatalogPageFactory)


class CoursePageFactory(PageFactory):
    class Meta:
        model = CoursePage

    title = factory.Sequence(lambda n: f"الجزء {n}")
    slug = factory.Sequence(lambda n: f"course-{n}")
    parent = factory.SubFactory(ProgramPageFactory)


class LessonPageFactory(PageFactory):
    class Meta:
        model = LessonPage

    title = factory.Sequence(lambda n: f"درس {n}")
    slug = factory.Sequence(lambda n: f"lesson-{n}")
    parent = factory.SubFactory(CoursePageFactory)


class CohortFactory(DjangoModelFactory):
    class Meta:
        model = Cohort
        skip_postgeneration_save = True

    program = factory.SubFactory(ProgramPageFactory)
    center = factory.SubFactory(CenterFactory)
    code = factory.Sequence(lambda n: f"C-{n}")
    starts_on = factory.LazyFunction(timezone.localdate)
    ends_on = factory.LazyAttribute(lambda cohort: cohort.starts_on + dt.timedelta(days=30))
    seats = 15
    state = CohortState.OPEN

    @factory.post_generation
    def facts(self, create: bool, given: Any, **_kwargs: Any) -> None:
        """As when it was opened. False: of a cohort from before facts were fixed."""
        if create and given is not False and self.state != CohortState.PLANNED:
            freeze_facts(cohort=self, by=None)


class EnrollmentFactory(DjangoModelFactory):
    class Meta:
        model = Enrollment

    person = factory.SubFactory(PersonFactory)
    cohort = factory.SubFactory(CohortFactory)
    enrolled_at = factory.LazyFunction(timezone.now)


def corrected_facts(cohort: Cohort, **facts: Any) -> CohortFacts:
    """Facts of a cohort after two officers of the ministry corrected them."""
    asked = ask_for_correction(
        cohort_id=cohort.pk,
        facts=facts,
        reason="خطأ في الصفحة المنشورة",
        by=staff_member(RoleName.MINISTRY_OFFICER),
    )
    second = staff_member(RoleName.MINISTRY_OFFICER)
    return decide_correction(facts_id=asked.pk, is_accepted=True, by=second)


def cohort_until(year: int, **facts: Any) -> Cohort:
    """A cohort that runs from this month to the end of a year, where classes are planned on days of that year."""
    cohort: Cohort = CohortFactory(
        starts_on=timezone.localdate().replace(day=1), ends_on=dt.date(year, 12, 31), **facts
    )
    return cohort


class ClassSessionFactory(DjangoModelFactory):
    """A class that began an hour ago and is over."""

    class Meta:
        model = ClassSession

    cohort = factory.SubFactory(CohortFactory)
    title = factory.Sequence(lambda n: f"حصة {n}")
    starts_at = factory.LazyFunction(lambda: timezone.now() - dt.timedelta(minutes=60))
    ends_at = factory.LazyAttribute(lambda session: session.starts_at + dt.timedelta(minutes=45))


def taught_cohort(
    *,
    lessons: int = 2,
    seats: int = 15,
    attendance: int = 0,
    score: int = 0,
    center: Center | None = None,
    asks: Clauses | None = None,
    **lesson: Any,
) -> Cohort:
    """An open cohort of a program with published lessons and a rule that asks for the given percentages, or for `asks`."""
    clerk = UserFactory()
    course = CoursePageFactory()
    for _ in range(lessons):
        LessonPageFactory(parent=course, **lesson)
    program = course.get_parent().specific
    asks = asks or Clauses(units=True, attendance=attendance, score=Score(score))
    set_completion_rule(program_id=program.pk, by=clerk, asks=asks)
    return open_cohort(
        program_id=program.pk,
        center_id=(center or CenterFactory()).pk,
        code=f"{program.code}-{program.pk}",
        starts_on=timezone.localdate(),
        ends_on=timezone.localdate() + dt.timedelta(days=30),
        shift=Shift.MORNING,
        seats=seats,
        by=clerk,
    )


def use(enrollment: Enrollment) -> Enrollment:
    """The person opened a unit with their own login."""
    now = timezone.now()
    UnitProgress.objects.create(
        enrollment=enrollment, unit_key=uuid4(), opened_at=now, updated_at=now, allowed_at=now
    )
    return enrollment


def finish_units(enrollment: Enrollment) -> None:
    for unit in enrollment.cohort.content_version.units:
        complete_unit(enrollment_id=enrollment.pk, unit_key=UUID(unit["unit"]))


def attend(enrollment: Enrollment, status: AttendanceStatus, **when: Any) -> Any:
    session = ClassSessionFactory(cohort=enrollment.cohort, **when)
    return record_attendance(
        session_id=session.pk,
        enrollment_id=enrollment.pk,
        status=status,
        minutes=0,
        source=AttendanceSource.INSTRUCTOR,
        by=UserFactory(),
    )


def closed(cohort: Cohort, *, by: User | None = None) -> Cohort:
    """Close a cohort, accepting its outcome."""
    failing = {row.enrollment.pk for row in outcomes_of_closing(cohort) if not row.completes}
    return close_cohort(cohort_id=cohort.pk, reason="انتهى التدريب", failing=failing, by=by or UserFactory())


@row_of(Cohort)
def cohort_in(center: Center) -> Cohort:
    return CohortFactory(center=center)


@row_of(Enrollment)
def enrollment_in(center: Center) -> Enrollment:
    cohort = CohortFactory(center=center, seats_taken=1)
    return EnrollmentFactory(cohort=cohort, person__registered_at=center)


@row_of(SeatHold)
def held_seat_in(center: Center) -> SeatHold:
    cohort = CohortFactory(center=center, seats_held=1)
    now = timezone.now()
    return SeatHold.objects.create(
        cohort=cohort,
        person=PersonFactory(registered_at=center),
        reason=HoldReason.STAFF,
        held_at=now,
        until=now + dt.timedelta(days=1),
    )


@row_of(WaitingEntry)
def waiting_entry_in(center: Center) -> WaitingEntry:
    return WaitingEntry.objects.create(
        cohort=CohortFactory(center=center),
        person=PersonFactory(registered_at=center),
        since=timezone.now(),
    )


@row_of(Announcement)
def announcement_in(center: Center) -> Announcement:
    """A draft to a cohort in which a trainee learns."""
    enrollment = EnrollmentFactory(cohort__center=center)
    by = MembershipFactory(role=RoleName.REGISTRAR, center=center).user
    return write_announcement(
        scope=AnnouncementScope.COHORT,
        cohort_id=enrollment.cohort_id,
        texts={"subject_ar": "غدًا عطلة", "body_ar": "لا حصص غدًا."},
        is_urgent=False,
        by=by,
    )


@job_of(AnnouncementJob)
def announcement_to_send(center: Center) -> AnnouncementJob:
    announcement = announcement_in(center)
    send_announcement(announcement_id=announcement.pk, by=announcement.written_by)
    return announcement.job


@row_of(ImportRun)
@job_of(ImportRun)
def import_in(center: Center) -> ImportRun:
    """A list that was uploaded and waits for its check."""
    by = MembershipFactory(role=RoleName.REGISTRAR, center=center).user
    return upload_list(
        center_id=center.pk,
        kind=ImportKind.TRAINEES,
        name="trainees.csv",
        chunks=["الاسم,الرقم القومي\nمنى إبراهيم حسن السيد,30401010112345\n".encode()],
        by=by,
    )


@visit("courses:leave_list")
def list_to_leave(center: Center) -> Visit:
    entry = waiting_entry_in(center)
    return Visit(user=TraineeFactory(person=entry.person), kwargs={"entry": entry.public_id})


@row_of(ClassSession)
def session_in(center: Center) -> ClassSession:
    return ClassSessionFactory(cohort__center=center)


@row_of(Venue)
def venue_in(center: Center) -> Venue:
    return Venue.objects.create(center=center, name=f"R{Venue.objects.count()}")


@row_of(CompletionRule)
def rule_in(center: Center) -> CompletionRule:
    program = ProgramPageFactory()
    rule = CompletionRule.objects.create(program=program, version=1, clauses=USUAL.as_list())
    CohortFactory(center=center, program=program, completion_rule=rule)
    return rule


def lesson_with_video(course: CoursePage, **facts: object) -> LessonPage:
    """A lesson whose video of 60 s (12 buckets) is ready."""
    video = published_video(**facts)
    return LessonPageFactory(parent=course, body=json.dumps([{"type": "video", "value": video.pk}]))


@visit("courses:progress")
def progress(center: Center) -> Visit:
    """An empty report is none: the own one is answered with 400."""
    course = CoursePageFactory()
    lesson = lesson_with_video(course, center=center)
    program = course.get_parent().specific
    content = freeze_content(program_id=program.pk, by=UserFactory())
    cohort = CohortFactory(center=center, program=program, content_version=content)
    enrollment = EnrollmentFactory(cohort=cohort, person__registered_at=center)
    return Visit(
        user=TraineeFactory(person=enrollment.person),
        kwargs={"enrollment": enrollment.public_id, "unit_key": lesson.translation_key},
        method="post",
        status=400,
    )


def lesson_to_read(center: Center) -> Visit:
    """A trainee of `center` with a lesson without video."""
    cohort = taught_cohort(lessons=1)
    Cohort.objects.filter(pk=cohort.pk).update(center=center)
    enrollment = EnrollmentFactory(cohort=cohort, person__registered_at=center)
    unit_key = cohort.content_version.units[0]["unit"]
    return Visit(
        user=TraineeFactory(person=enrollment.person),
        kwargs={"enrollment": enrollment.public_id, "unit_key": unit_key},
        method="post",
        status=302,
    )


@visit("courses:unit")
def read_unit(center: Center) -> Visit:
    lesson = LessonPageFactory(title="ألوان الأسلاك")
    program = lesson.get_parent().get_parent().specific
    content = freeze_content(program_id=program.pk, by=UserFactory())
    cohort = CohortFactory(center=center, program=program, content_version=content)
    enrollment = EnrollmentFactory(cohort=cohort, person__registered_at=center)
    return Visit(
        user=TraineeFactory(person=enrollment.person),
        kwargs={"enrollment": enrollment.public_id, "unit_key": lesson.translation_key},
    )


@visit("courses:unit_done")
def unit_done(center: Center) -> Visit:
    return lesson_to_read(center)


@visit("courses:check_in")
def session_to_attend(center: Center) -> Visit:
    enrollment = EnrollmentFactory(cohort__center=center, person__registered_at=center)
    session = ClassSessionFactory(cohort=enrollment.cohort)
    return Visit(user=TraineeFactory(person=enrollment.person), kwargs={"session": session.public_id})


@visit("courses:own_attendance")
def attendance_to_read(center: Center) -> Visit:
    enrollment = EnrollmentFactory(cohort__center=center, person__registered_at=center)
    return Visit(user=TraineeFactory(person=enrollment.person), kwargs={"enrollment": enrollment.public_id})


@visit("courses:give_back")
def seat_to_give_back(center: Center) -> Visit:
    enrollment = EnrollmentFactory(cohort__center=center, person__registered_at=center)
    return Visit(
        user=TraineeFactory(person=enrollment.person), kwargs={"enrollment": enrollment.public_id}, status=200
    )


public("courses:info", "It leads to a text of the ministry that is for all to read.")
public("courses:wait", "Any user may wait for a seat in any full cohort; the service answers.")
public("courses:enroll", "Anyone may ask for a seat in any open cohort; the service answers.")


@row_of(Holiday)
def holiday_of_the_ministry(center: Center) -> Holiday:
    day = dt.date(2030, 1, 1) + dt.timedelta(days=Holiday.objects.count())
    return Holiday.objects.create(day=day, name_ar="عطلة", name_en="Holiday")


@row_of(SkillLevel)
def level_of_the_ministry(center: Center) -> SkillLevel:
    number = SkillLevel.objects.count() + 10
    return SkillLevel.objects.create(code=f"level_{number}", order=number, name_ar="أسطى", name_en="master")


def submitted(page: Page, by: User) -> int:
    """Ask for a review of the newest draft of `page`; the number of the review."""
    return int(submit_for_review(page_id=page.pk, by=by).current_task_state_id)


def page_written_by(center: Center) -> LessonPage:
    """A published lesson in a course that the center writes."""
    course = CoursePageFactory()
    ContentOwner.objects.create(translation_key=course.translation_key, center=center, given_by=UserFactory())
    lesson: LessonPage = LessonPageFactory(parent=course)
    lesson.save_revision()
    return lesson


@visit("content_offline")
def page_to_take_offline(center: Center) -> Visit:
    publisher = MembershipFactory(role=RoleName.CENTER_MANAGER, center=center).user
    return Visit(user=publisher, kwargs={"pk": page_written_by(center).pk})


@visit("content_review")
def draft_to_review(center: Center) -> Visit:
    page = page_written_by(center)
    author = MembershipFactory(role=RoleName.INSTRUCTOR, center=center).user
    review = submitted(page, author)
    publisher = MembershipFactory(role=RoleName.CENTER_MANAGER, center=center).user
    return Visit(user=publisher, kwargs={"pk": review})


public(
    "content_correct",
    "The ministry alone corrects what cohorts of all centers study; tests/courses/pages/test_pinned_content.py tries the others.",
)


public(
    "content_owner",
    "Officers of the ministry reach the pages of all centers; tests/courses/pages/test_content_fence.py tries the others.",
)


@row_of(SynonymGroup)
def synonyms_of_the_ministry(center: Center) -> SynonymGroup:
    return SynonymGroup.objects.create(words="لحّام\nwelder", phrases=["لحام", "weld"])


def score_corrected(enrollment: Enrollment, by: User) -> None:
    """Correct the one score of an enrollment."""
    correct_score(
        enrollment_id=enrollment.pk,
        unit_key=enrollment.progress.get().unit_key,
        score=Decimal(90),
        passed=True,
        reason="خطأ في الجمع",
        by=by,
    )
