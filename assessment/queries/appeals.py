"""Appeals against marks: which may be made, and which wait."""

import datetime as dt
from collections.abc import Collection
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Func, IntegerField, Max, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.scoping.hands import people_shown
from accounts.services.formatting import format_number
from assessment.enums import Purpose
from assessment.models import Appeal, Attempt, ExamWindow, Sitting
from assessment.queries.attempts import quiz_in
from assessment.queries.exams import KEPT_BACK_AFTER_CLOSING, are_keys_out
from courses.models import Cohort
from courses.queries.seats import last_left

# From when the person reads how the questions were marked.
APPEAL_TERM = dt.timedelta(days=7)


def appeal_term(attempt: Attempt) -> dt.datetime | None:
    """Until when marks of a marked attempt may be appealed against; None where its person does not read yet how its questions were marked.

    The term begins with the mark, with the last correction of it, or with the moment at which the answers of the exam became known.
    """
    if attempt.marked_at is None or not are_keys_out(attempt):
        return None
    began = [attempt.marked_at, attempt.corrections.aggregate(last=Max("at"))["last"]]
    if attempt.purpose == Purpose.EXAM:
        began += _known_since(attempt)
    return max(moment for moment in began if moment is not None) + APPEAL_TERM


def _known_since(attempt: Attempt) -> list[dt.datetime | None]:
    """What the answers of an exam waited for (`assessment.queries.exams.are_keys_out`)."""
    cohort, key = attempt.enrollment.cohort, attempt.quiz_key
    if cohort.closed_at is not None:
        return [cohort.closed_at + KEPT_BACK_AFTER_CLOSING]
    attempts = Attempt.objects.filter(quiz_key=key, enrollment__cohort=cohort)
    sittings = Sitting.objects.of(cohort.pk, key).filter(class_session__canceled_at=None)
    windows = ExamWindow.objects.filter(cohort=cohort, quiz_key=key)
    return [
        *attempts.aggregate(ended=Max("ended_at"), marked=Max("marked_at")).values(),
        # No one ended it: its exam did.
        *sittings.aggregate(last=Max(Coalesce("ended_at", "class_session__ends_at"))).values(),
        *windows.aggregate(over=Max("closes_at"), said=Max("set_at")).values(),
        # The last one who left and might have taken it.
        last_left(cohort, besides=_through(attempts, cohort, key)),
    ]


def _through(attempts: QuerySet[Attempt], cohort: Cohort, key: UUID) -> list[int]:
    """The keys of enrollments that could not take the test any more: it was passed, or no attempt was left."""
    quiz = quiz_in(cohort, key)
    allowed = quiz.attempts_allowed if quiz else 0
    people = attempts.order_by().values("enrollment")
    people = people.annotate(taken=Count("pk"), passes=Count("pk", filter=Q(passed=True)))
    return list(people.filter(Q(passes__gt=0) | Q(taken__gte=allowed)).values_list("enrollment", flat=True))


def appeals_for(user: User) -> QuerySet[Appeal, Any]:
    """Those that wait, but for the user's own."""
    waiting = Appeal.objects.filter(is_granted=None)
    return waiting.exclude(attempt__enrollment__person__in=people_shown(user)).order_by("filed_at", "pk")


def granted_in(attempts: Collection[Attempt]) -> dict[int, dict[int, Fraction]]:
    """Attempt -> slot -> the share that a granted appeal gave: no later correction of a key lowers it. One query."""
    found: dict[int, dict[int, Fraction]] = {one.pk: {} for one in attempts}
    rows = Appeal.objects.filter(attempt__in=found, is_granted=True).order_by()
    for attempt, slot, mark in rows.values_list("attempt", "slot", "to_mark"):
        found[attempt][slot] = Fraction(mark or 0)
    return found


def granted_about(version: int) -> QuerySet[Appeal]:
    """The granted appeals about answers to a question as it was asked: a correction of its key leaves them at least what they have."""
    place = Func(
        F("attempt__versions"),
        version,
        function="array_position",
        template="array_position(%(expressions)s::bigint) - 1",
        output_field=IntegerField(),
    )
    rows = Appeal.objects.filter(is_granted=True, attempt__versions__contains=[version])
    return (
        rows.annotate(place=place)
        .filter(slot=F("place"))
        .select_related("attempt__enrollment__person", "attempt__enrollment__cohort")
        .order_by("-pk")
    )


def title_of_appeal(appeal: Appeal) -> str:
    return _("%(test)s, question %(number)s") % {
        "test": appeal.attempt.title,
        "number": format_number(appeal.slot + 1),
    }
