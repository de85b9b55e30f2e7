"""What is there before a history begins: three centers and the ministry with their staff, three programs, five open cohorts."""

import datetime as dt
import itertools
import random
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils import timezone

from accounts.enums import RoleName
from accounts.models import Center, ContentOwner, User
from accounts.services.identity_documents import register_national_id
from assessment.enums import Purpose
from assessment.models import Attempt
from assessment.queries.questions import stored_questions
from assessment.services.attempts import start_attempt, submit_attempt
from assessment.services.sittings import plan_sitting
from certificates.models import CertificateTemplate
from courses.clauses import Clauses, Score
from courses.enums import SessionKind, Shift
from courses.models import Cohort, Enrollment, ProgramPage
from courses.services.cohorts import open_cohort
from courses.services.completion import set_completion_rule
from courses.services.enrollments import enroll
from courses.services.progress import complete_unit
from courses.services.sessions import schedule_session
from scripts.world.history import World
from scripts.world.people import Goal, Human, some_human
from tests.factories.accounts import (
    CenterFactory,
    MembershipFactory,
    PersonFactory,
    TraineeFactory,
    staff_member,
)
from tests.factories.assessment import QuizPageFactory, single, true_false
from tests.factories.certificates import CertificateTemplateFactory, credential_type
from tests.factories.courses import (
    CatalogPageFactory,
    CoursePageFactory,
    LessonPageFactory,
    ProgramPageFactory,
)
from tests.factories.signing_keys import with_demo_keys

AT_CENTERS = (RoleName.CENTER_MANAGER, RoleName.REGISTRAR, RoleName.INSTRUCTOR, RoleName.ASSESSOR)
AT_THE_MINISTRY = (
    RoleName.MINISTRY_OFFICER,
    RoleName.MINISTRY_OFFICER,
    RoleName.CERTIFYING_OFFICER,
    RoleName.CERTIFYING_OFFICER,
    RoleName.INSPECTOR,
)
TRAINEES = 9
ENROLLED = 6
ATTEMPTS = 2
# One to three of a history's staff are dishonest, each alone.
GOALS = (Goal.LOGIN, Goal.LOGIN, Goal.PAPER, Goal.KEY)


@dataclass
class Member:
    """A human of the stage; `login` and `person` are keys."""

    human: Human
    login: int
    person: int | None
    is_staff: bool


@dataclass
class Made:
    centers: list[Center]
    programs: list[ProgramPage]
    quiz_keys: list[Any]
    cohorts: list[Cohort]
    template: CertificateTemplate
    attempts: int = ATTEMPTS
    members: list[Member] = field(default_factory=list)


def build() -> Made:
    """Once for a worker, in its transaction."""
    today = timezone.localdate()
    numbers = itertools.count(1)
    chance = random.Random(1)  # noqa: S311 - the same stage for every seed
    centers = [CenterFactory() for _number in range(3)]
    catalog = CatalogPageFactory()
    officer = staff_member(RoleName.MINISTRY_OFFICER)
    programs, quiz_keys = [], []
    # The test of the last one is taken in a room.
    for center in centers:
        program = ProgramPageFactory(parent=catalog)
        ContentOwner.objects.create(translation_key=program.translation_key, center=center, given_by=officer)
        course = CoursePageFactory(parent=program)
        LessonPageFactory(parent=course)
        quiz = QuizPageFactory(
            parent=course,
            questions=[single(), true_false(), true_false("هل تُختبر اللوحة قبل التوصيل؟")],
            purpose=Purpose.EXAM,
            attempts_allowed=ATTEMPTS,
            limit_minutes=30,
            is_supervised=center is centers[-1],
        )
        program.save_revision().publish()
        set_completion_rule(program_id=program.pk, asks=Clauses(units=True, score=Score(60)), by=officer)
        programs.append(program)
        quiz_keys.append(quiz.translation_key)
    places = ((0, 0), (1, 1), (0, 2), (1, 2), (2, 2))
    cohorts = [
        cohort_of(programs[program], centers[center], f"W-{n}", by=officer, today=today)
        for n, (program, center) in enumerate(places)
    ]
    credential_type("skill-level", Clauses(score=Score(60)), completed=True, identity_document=True)
    with_demo_keys()
    made = Made(centers, programs, quiz_keys, cohorts, CertificateTemplateFactory())
    for center in centers:
        for role in AT_CENTERS:
            made.members.append(_staff(some_human(next(numbers), chance, today), role, center))
    for role in AT_THE_MINISTRY:
        made.members.append(_staff(some_human(next(numbers), chance, today), role, None))
    for place, _number in enumerate(range(TRAINEES)):
        made.members.append(_trainee(some_human(next(numbers), chance, today), centers[place % 3], officer))
        cohort = cohorts[place % 3 if place < ENROLLED else -1]
        enroll(person_id=made.members[-1].person or 0, cohort_id=cohort.pk, by=officer)
    _exam_in_a_room(cohorts[-1], quiz_keys[-1], by=officer)
    # Half of them have learned all.
    for enrollment in Enrollment.objects.order_by("pk")[: ENROLLED // 2]:
        _learn_all(enrollment)
    return made


def _exam_in_a_room(cohort: Cohort, quiz_key: UUID, *, by: User) -> None:
    starts = timezone.now() + dt.timedelta(days=2)
    session = schedule_session(
        cohort_id=cohort.pk,
        kind=SessionKind.EXAM,
        title="امتحان",
        starts_at=starts,
        ends_at=starts + dt.timedelta(hours=4),
        by=by,
    )
    plan_sitting(session_id=session.pk, quiz_key=quiz_key, by=by)


def _learn_all(enrollment: Enrollment) -> None:
    version = enrollment.cohort.content_version
    if version is None:
        return
    for unit in version.units:
        if unit["kind"] == "lesson":
            complete_unit(enrollment_id=enrollment.pk, unit_key=UUID(unit["unit"]))
    user = User.objects.get(person=enrollment.person_id)
    (quiz,) = [UUID(unit["unit"]) for unit in version.units if unit["kind"] != "lesson"]
    attempt = start_attempt(enrollment_id=enrollment.pk, unit_key=quiz, by=user)
    submit_attempt(attempt_id=attempt.pk, responses=right_answers(attempt), by=user)


def right_answers(attempt: Attempt) -> dict[int, Any]:
    return {slot: right_answer(attempt, slot) for slot in range(len(attempt.versions))}


def right_answer(attempt: Attempt, slot: int) -> Any:
    options = stored_questions(attempt.versions)[slot].content.get("options")
    if options is None:
        return True
    return next((one["id"] for one in options if one.get("is_right")), options[0]["id"])


def cohort_of(program: ProgramPage, center: Center, code: str, *, by: User, today: dt.date) -> Cohort:
    return open_cohort(
        program_id=program.pk,
        center_id=center.pk,
        code=code,
        starts_on=today,
        ends_on=today + dt.timedelta(days=60),
        shift=Shift.MORNING,
        seats=6,
        by=by,
    )


def _staff(human: Human, role: RoleName, center: Center | None) -> Member:
    user = staff_member(role, center) if center is None else MembershipFactory(role=role, center=center).user
    return Member(human, user.pk, user.person_id, is_staff=True)


def _trainee(human: Human, center: Center, by: User) -> Member:
    human.home = center.pk
    person = PersonFactory(
        full_name_ar=human.name,
        full_name_en=f"Latin {human.key}",
        birth_date=human.born,
        registered_at=center,
    )
    register_national_id(person_id=person.pk, number=human.number, by=by)
    return Member(human, TraineeFactory(person=person).pk, person.pk, is_staff=False)


def people_enter(world: World, made: Made) -> None:
    """The members of the stage, each as of the beginning; who is dishonest is drawn."""
    for members in made.members:
        human = copy(members.human)
        human.logins, human.knows, human.person = {members.login}, set(), members.person
        world.humans.append(human)
        world.owner[members.login] = human
        if members.person:
            world.subject[members.person] = human
    staff = [human for human, members in zip(world.humans, made.members, strict=True) if members.is_staff]
    trainees = [
        human for human, members in zip(world.humans, made.members, strict=True) if not members.is_staff
    ]
    # Those who give roles more often.
    keyed = [member.login for member in made.members if member.is_staff]
    able = set(
        User.objects.filter(
            pk__in=keyed, memberships__role__in=(RoleName.CENTER_MANAGER, RoleName.MINISTRY_OFFICER)
        ).values_list("pk", flat=True)
    )
    more = [human for human in staff if human.logins & able]
    for human in {
        id(one): one for one in world.chance.sample(staff + 2 * more, world.chance.randint(1, 3))
    }.values():
        human.goal = world.chance.choice(GOALS)
        human.target = world.chance.choice(trainees)
    for human in world.chance.sample(trainees, 2):
        human.goal = Goal.KEY
    for cohort in made.cohorts:
        world.said[cohort.pk] = facts_on_the_page(cohort.program)


def facts_on_the_page(program: ProgramPage) -> dict[str, Any]:
    """What the program's page says today, read where it is published."""
    page = ProgramPage.objects.get(pk=program.pk)
    return {
        "program_ar": page.title,
        "level": page.level_id,
        "hours": page.hours,
        "program_code": page.code,
    }


def newcomers(world: World) -> Iterator[Human]:
    """Somebody who has never been here."""
    yield some_human(len(world.humans) + 100, world.chance, timezone.localdate())
