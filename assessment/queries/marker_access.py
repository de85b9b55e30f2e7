"""Which files of answers a person reads as a marker."""

from django.db.models import Q

from accounts.enums import Act
from accounts.models import User
from accounts.scoping import fenced
from assessment.models import AnswerFile, Appeal
from assessment.queries.marking import (
    is_replaceable,
    latest_marks_of,
    waiting_for_decision_of,
    waiting_for_mark_of,
)
from assessment.queries.without_assessor import appeals_to_pass_on


def may_read_as_marker(user: User, file: AnswerFile) -> bool:
    """Whether the reader has the answer open to mark it or to decide about it, may replace the own mark of it, or reads appeals against it; also one
    that no one at the center may answer, as who manages its cohorts.
    """
    answer = {"attempt": file.attempt_id, "slot": file.slot}
    opened = Q(claimed_by=user, **answer)
    return (
        waiting_for_mark_of(user).filter(opened).exists()
        or waiting_for_decision_of(user).filter(opened).exists()
        or latest_marks_of(user)
        .filter(is_replaceable(), task__attempt=file.attempt_id, task__slot=file.slot)
        .exists()
        or fenced(Appeal.objects.filter(**answer), user=user, act=Act.ASSESS).exists()
        or appeals_to_pass_on(user).filter(**answer).exists()
    )
