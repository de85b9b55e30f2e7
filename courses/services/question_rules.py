"""Who may write a question or an answer, what it may say, and how often: the guards of the services of questions."""

import datetime as dt
import unicodedata

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.errors import DomainError
from accounts.models import User
from accounts.services.formatting import format_date
from accounts.services.names import BIDI_CONTROLS
from courses.enums import CohortState, EnrollmentState
from courses.models import Answer, Cohort, Enrollment, Question
from courses.models.questions import LONGEST_POST, LONGEST_REASON
from courses.queries.questions import cohorts_to_answer_in, muted_until

# Of one trainee in one cohort.
MOST_WAITING = 5
QUESTIONS_A_DAY = 10
ANSWERS_A_DAY = 30
# How long its author may change what was written.
TIME_TO_CHANGE = dt.timedelta(minutes=10)


class PostMissing(DomainError):
    message = _("Write your question or answer, in your own words.")


class PostTooLong(DomainError):
    message = _("At most %(most)s letters. Write it shorter.")


class ReasonMissing(DomainError):
    code = "courses.reason-of-hiding-missing"
    message = _("Write the reason: its author reads it.")


class QuestionsReadOnly(DomainError):
    message = _("This cohort is closed. Its questions are read, and no more are written.")


class NoLongerThere(DomainError):
    message = _("You are no longer in this cohort.")


class NotInThisUnit(DomainError):
    message = _("This unit is not part of your cohort.")


class TraineeMuted(DomainError):
    message = _("You cannot write here until the end of %(until)s. The reason: %(reason)s")


class TooManyWaiting(DomainError):
    message = _(
        "%(count)s of your questions wait for an answer, which is the limit. Say which of them are solved, or wait for the answers."
    )


class TooManyToday(DomainError):
    message = _("You wrote %(count)s times within a day, which is the limit. Go on tomorrow.")


class TooLateToChange(DomainError):
    message = _("What is older than ten minutes is not changed any more. Add to it below.")


class HasReactions(DomainError):
    message = _("Somebody has reacted to it already, so it stays as it is. Add to it below.")


class NotYourQuestion(DomainError):
    message = _("Only its author does this.")


class NotYoursToAnswer(DomainError):
    message = _("You do not teach this cohort, so you do not answer its questions.")


class HiddenAlready(DomainError):
    message = _("It is hidden already, or shown again. Load the page again.")


class ReportsOfOneself(DomainError):
    message = _(
        "A report is about what you wrote yourself. A colleague or the manager of the center decides about it."
    )


class NothingReported(DomainError):
    message = _("No report waits for a decision. Load the page again.")


class AnswerNotOfQuestion(DomainError):
    message = _("This answer cannot be marked: it is hidden, or belongs to another question.")


class NotToBeShared(DomainError):
    message = _("Only a question with a marked answer can be shared, and neither of them may be hidden.")


class MutedAlready(DomainError):
    message = _("This trainee may not write already. End that first.")


class MutedInThePast(DomainError):
    message = _("The last day is today or later, and within %(most)s days.")


class NotMuted(DomainError):
    message = _("This trainee may write already.")


def tidy_post(text: str) -> str:
    """Plain text of several lines, without control characters and marks that turn the direction of writing.

    Raises `PostMissing`, `PostTooLong`.
    """
    plain = _plain(text)
    if not plain:
        raise PostMissing
    if len(plain) > LONGEST_POST:
        raise PostTooLong(most=LONGEST_POST)
    return plain


def tidy_reason(text: str) -> str:
    """On one line. Raises `ReasonMissing`, `PostTooLong`."""
    plain = " ".join(_plain(text).split())
    if not plain:
        raise ReasonMissing
    if len(plain) > LONGEST_REASON:
        raise PostTooLong(most=LONGEST_REASON)
    return plain


def _plain(text: str) -> str:
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        char
        for char in lines.translate(BIDI_CONTROLS)
        if char == "\n" or unicodedata.category(char) not in {"Cc", "Cs", "Co"}
    ).strip()


def lock_reader(enrollment_id: int) -> Enrollment:
    """The enrollment of somebody who reads the questions of the cohort, locked. Raises `NoLongerThere`."""
    rows = Enrollment.objects.select_related("cohort__content_version")
    enrollment = rows.select_for_update(of=("self",), no_key=True).get(pk=enrollment_id)
    if enrollment.state not in {EnrollmentState.ACTIVE, EnrollmentState.COMPLETED}:
        raise NoLongerThere
    return enrollment


def lock_writer(enrollment_id: int) -> Enrollment:
    """The enrollment of somebody who may write, locked, so that limits are exact.

    Raises `NoLongerThere`, `QuestionsReadOnly`, `TraineeMuted`.
    """
    enrollment = lock_reader(enrollment_id)
    require_open(enrollment.cohort)
    if muted := muted_until(enrollment):
        raise TraineeMuted(until=format_date(muted.until), reason=muted.reason)
    return enrollment


def lock_question(question_id: int, *, cohort_id: int | None = None) -> Question:
    """With `cohort_id`, of that cohort. Raises `Question.DoesNotExist`."""
    rows = Question.objects.select_related("cohort__center", "accepted")
    if cohort_id is not None:
        rows = rows.filter(cohort=cohort_id)
    return rows.select_for_update(of=("self",)).get(pk=question_id)


def lock_for_staff(question_id: int, *, by: User) -> Question:
    """Raises `NotYoursToAnswer`."""
    question = lock_question(question_id)
    require_theirs(question.cohort_id, by=by)
    return question


def require_theirs(cohort_id: int, *, by: User) -> None:
    """Raises `NotYoursToAnswer`."""
    if by.is_active and by.is_superuser:
        return
    if not cohorts_to_answer_in(by).filter(pk=cohort_id).exists():
        raise NotYoursToAnswer


def require_open(cohort: Cohort) -> None:
    """Raises `QuestionsReadOnly`."""
    if cohort.state == CohortState.CLOSED:
        raise QuestionsReadOnly


def require_fewer(posts: QuerySet[Question] | QuerySet[Answer], *, than: int) -> None:
    """Of those of the last day. Raises `TooManyToday`."""
    count = posts.filter(at__gt=timezone.now() - dt.timedelta(days=1)).count()
    if count >= than:
        raise TooManyToday(count=count)


def require_changeable(post: Question | Answer) -> None:
    """Raises `TooLateToChange`, `HasReactions`."""
    if timezone.now() - post.at > TIME_TO_CHANGE:
        raise TooLateToChange
    question = post if isinstance(post, Question) else post.question
    if isinstance(post, Question):
        reacted = (
            post.answers.exclude(person=post.person_id).exists() or post.answers.filter(person=None).exists()
        )
    else:
        reacted = question.accepted_id == post.pk
    if reacted or post.is_hidden or post.reports.exists():
        raise HasReactions
