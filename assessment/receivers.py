"""Receivers: a page of a quiz that is published or taken offline may no longer ask what was corrected; marks that were given while a seat had
ended count when it goes on. Also what of a cohort that is to be closed runs or waits."""

import datetime as dt
from typing import Any

from django.db.models import Max
from django.dispatch import receiver
from django.utils.translation import ngettext
from wagtail.signals import page_published, page_unpublished

from accounts.errors import DomainError
from accounts.services.formatting import format_datetime
from assessment.enums import AttemptState, Purpose
from assessment.errors import ExamRuns
from assessment.models import Appeal, Attempt, QuizPage
from assessment.services.ending import record_marks_since
from assessment.services.keys_on_pages import find_keys_on_pages
from courses.models import Cohort, Enrollment
from courses.queries.closing import register_loose_ends, register_obstacle_to_closing
from courses.signals import enrollment_resumed


@receiver(page_published, sender=QuizPage, dispatch_uid="assessment.keys_published")
@receiver(page_unpublished, sender=QuizPage, dispatch_uid="assessment.keys_unpublished")
def quiz_changed(instance: QuizPage, **_kwargs: Any) -> None:
    find_keys_on_pages(instance.translation_key)


@receiver(enrollment_resumed, dispatch_uid="assessment.marks_meanwhile")
def count_marks_meanwhile(enrollment: Enrollment, withdrawn_at: dt.datetime, **_kwargs: Any) -> None:
    record_marks_since(enrollment, withdrawn_at)


@register_obstacle_to_closing
def running_exam(cohort: Cohort) -> DomainError | None:
    """The error that keeps a cohort open: somebody sits in one of its exams."""
    attempts = Attempt.objects.filter(
        enrollment__cohort=cohort, purpose=Purpose.EXAM, state=AttemptState.OPEN
    )
    until = attempts.aggregate(last=Max("closes_at"))["last"]
    return ExamRuns(until=format_datetime(until)) if until else None


@register_loose_ends
def appeals_waiting(cohort: Cohort) -> str:
    """Appeals against marks, which go on after the closing."""
    count = Appeal.objects.filter(attempt__enrollment__cohort=cohort, is_granted=None).count()
    if not count:
        return ""
    sentence = ngettext(
        "%(count)s appeal against a mark waits for its answer. It is answered after the closing, too, and who meets the rule then completes.",
        "%(count)s appeals against marks wait for their answers. They are answered after the closing, too, and who meets the rule then"
        " completes.",
        count,
    )
    return sentence % {"count": count}
