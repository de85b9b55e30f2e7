"""Questions under units: which of them a trainee reads, which a member of staff answers, and which have waited too long."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from uuid import UUID

from django.conf import settings
from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils import timezone
from django.utils.translation import get_language

from accounts.enums import Act
from accounts.models import Person, User
from accounts.scoping import centers_where, fenced
from accounts.services.personal_data import Row, register_personal_data
from courses.models import (
    Answer,
    Cohort,
    Enrollment,
    Holiday,
    MutedTrainee,
    PinnedUnit,
    PostReport,
    Question,
    QuestionNotice,
)
from courses.queries.holidays import is_working_day

# Who opens and changes the cohorts of a center answers in all of them; who only teaches, in the own ones.
WIDE = Act.MANAGE_COHORTS
# Shared questions of other cohorts, above the own ones.
MOST_SHARED = 10


# Of trainees


def readable_questions(enrollment: Enrollment, unit_key: UUID) -> QuerySet[Question]:
    """Those of the cohort under a unit, the newest first; of what is hidden, only the person's own."""
    rows = Question.objects.filter(cohort=enrollment.cohort_id, unit_key=unit_key)
    own = Q(person=enrollment.person_id)
    return rows.filter(_visible(enrollment.person_id)).annotate(is_own=own).order_by("-at", "-pk")


def readable_question(enrollment: Enrollment, public_id: UUID) -> Question | None:
    """One of the own cohort, with what its page shows."""
    rows = Question.objects.filter(cohort=enrollment.cohort_id, public_id=public_id)
    return rows.filter(_visible(enrollment.person_id)).select_related("person", "accepted").first()


def readable_answers(question: Question, person_id: int) -> QuerySet[Answer]:
    """The oldest first; of what is hidden, only the person's own."""
    shown = question.answers.filter(_visible(person_id)).annotate(is_own=Q(person=person_id))
    return shown.select_related("person", "staff")


def with_answers(questions: QuerySet[Question]) -> QuerySet[Question]:
    """With the number of answers that are not hidden, and with their authors."""
    shown = Count("answers", filter=Q(answers__hidden_at=None))
    return questions.select_related("person", "accepted").annotate(answers_shown=shown)


def shared_questions(enrollment: Enrollment, unit_key: UUID) -> QuerySet[Question]:
    """Good questions of other cohorts of the program, with their answers and without names."""
    rows = Question.objects.filter(
        cohort__program=enrollment.cohort.program_id,
        unit_key=unit_key,
        shared_at__isnull=False,
        hidden_at=None,
        accepted__hidden_at=None,
    )
    others = rows.exclude(cohort=enrollment.cohort_id).select_related("accepted")
    return others.order_by("-shared_at")[:MOST_SHARED]


def muted_until(enrollment: Enrollment) -> MutedTrainee | None:
    """Since staff said so: this trainee writes nothing there today."""
    rows = MutedTrainee.objects.filter(cohort=enrollment.cohort_id, person=enrollment.person_id)
    return rows.filter(ended_at=None, until__gte=timezone.localdate()).first()


def muted_among(cohort_id: int, people: Collection[int]) -> dict[int, MutedTrainee]:
    """Who of these people writes nothing in a cohort today, by their keys, with who decided it. One query."""
    rows = MutedTrainee.objects.filter(
        cohort=cohort_id, person__in=people, ended_at=None, until__gte=timezone.localdate()
    )
    return {row.person_id: row for row in rows.select_related("by")}


def _visible(person_id: int) -> Q:
    return Q(hidden_at=None) | Q(person=person_id)


# Of staff


def cohorts_to_answer_in(user: User) -> QuerySet[Cohort]:
    """All of the centers whose cohorts `user` manages, and those that `user` teaches."""
    wide = centers_where(user, Act.ANSWER_QUESTIONS).filter(pk__in=centers_where(user, WIDE).values("pk"))
    taught = fenced(Cohort.objects.filter(instructors=user), user=user, act=Act.ANSWER_QUESTIONS)
    return Cohort.objects.filter(Q(center__in=wide.values("pk")) | Q(pk__in=taught.order_by().values("pk")))


def questions_of(user: User, rows: QuerySet[Question]) -> QuerySet[Question]:
    if user.is_active and user.is_superuser:
        return rows
    return rows.filter(cohort__in=cohorts_to_answer_in(user).order_by().values("pk"))


def described(questions: QuerySet[Question]) -> QuerySet[Question]:
    """With the title of the unit, the answers and the open reports, for lists of staff."""
    preferred = Case(When(locale__language_code=get_language() or "", then=Value(0)), default=Value(1))
    titles = PinnedUnit.objects.filter(unit_key=OuterRef("unit_key")).order_by(preferred, "-pk")
    reports = (
        PostReport.objects.filter(question=OuterRef("pk"), settled_at=None)
        .order_by()
        .values("question")
        .annotate(count=Count("pk"))
        .values("count")
    )
    return questions.annotate(
        unit_title=Subquery(titles.values("content__title")[:1]), open_reports=Subquery(reports)
    )


def reported(questions: QuerySet[Question]) -> QuerySet[Question]:
    """With a report about which no one has decided."""
    return questions.filter(Exists(PostReport.objects.filter(question=OuterRef("pk"), settled_at=None)))


def waiting_questions(questions: QuerySet[Question]) -> QuerySet[Question]:
    """The longest wait first. Those of closed cohorts are read only."""
    open_ones = questions.filter(waiting_since__isnull=False, hidden_at=None)
    return open_ones.exclude(cohort__state="closed").order_by("waiting_since", "pk")


def overdue_questions(questions: QuerySet[Question]) -> QuerySet[Question]:
    """Those that have waited for more than `QUESTION_DAYS` working days of the governorate of their center. Two statements."""
    waiting = waiting_questions(questions)
    local, everywhere = _days_of_holidays()
    late = Q(waiting_since__lt=_began_before(everywhere))
    for governorate, days in local.items():
        there = Q(cohort__center__governorate=governorate)
        late = (late & ~there) | (there & Q(waiting_since__lt=_began_before(everywhere | days)))
    return waiting.filter(late)


# No term of working days is longer in days of the calendar, feasts included.
LOOKED_BACK = dt.timedelta(days=60)


def _days_of_holidays() -> tuple[dict[int, set[dt.date]], set[dt.date]]:
    """The holidays of single governorates, and those of all."""
    today = timezone.localdate()
    rows = Holiday.objects.filter(day__range=(today - LOOKED_BACK, today)).order_by()
    local: defaultdict[int, set[dt.date]] = defaultdict(set)
    everywhere: set[dt.date] = set()
    for governorate, day in rows.values_list("governorate", "day"):
        (everywhere if governorate is None else local[governorate]).add(day)
    return local, everywhere


def _began_before(holidays: set[dt.date]) -> dt.datetime:
    """What waits since before this moment has seen `QUESTION_DAYS` whole working days go by."""
    day, left = timezone.localdate(), settings.QUESTION_DAYS
    while left:
        day -= dt.timedelta(days=1)
        left -= is_working_day(day, holidays)
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def answers_for_staff(question: Question) -> QuerySet[Answer]:
    return question.answers.select_related("person", "staff", "hidden_by")


def open_reports_of(question: Question) -> QuerySet[PostReport]:
    return question.reports.filter(settled_at=None).select_related("person", "answer")


# Of a person


@register_personal_data("questions")
def question_rows(person: Person) -> Iterable[Row]:
    named = ("cohort__code", "unit_key", "second", "text", "is_anonymous", "at", "solved_at", "hidden_for")
    return person.questions.order_by("pk").values(*named).iterator()


@register_personal_data("answers_to_questions")
def answer_rows(person: Person) -> Iterable[Row]:
    named = ("question__cohort__code", "question__unit_key", "text", "at", "hidden_for")
    return person.answers_to_questions.order_by("pk").values(*named).iterator()


@register_personal_data("reports_of_questions")
def report_rows(person: Person) -> Iterable[Row]:
    named = ("question__cohort__code", "reason", "at", "settled_at")
    return PostReport.objects.filter(person=person).values(*named).iterator()


@register_personal_data("not_writing_questions")
def muted_rows(person: Person) -> Iterable[Row]:
    named = ("cohort__code", "reason", "since", "until", "ended_at")
    return MutedTrainee.objects.filter(person=person).values(*named).iterator()


@register_personal_data("messages_about_questions")
def notice_rows(person: Person) -> Iterable[Row]:
    named = ("kind", "question__cohort__code", "reason", "state", "created_at", "sent_at")
    return QuestionNotice.objects.filter(person=person).values(*named).iterator()
