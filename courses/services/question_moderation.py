"""What staff decide about questions and answers: the answer, what is hidden, who may not write, what all cohorts read."""

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from wagtail.log_actions import log

from accounts.enums import NoticeState
from accounts.models import Person, User
from courses.enums import MuteNoticeKind, QuestionNoticeKind
from courses.models import Answer, Enrollment, MutedTrainee, MuteNotice, PostReport, Question, QuestionNotice
from courses.services.question_rules import (
    AnswerNotOfQuestion,
    HiddenAlready,
    MutedAlready,
    MutedInThePast,
    NoLongerThere,
    NothingReported,
    NotMuted,
    NotToBeShared,
    ReportsOfOneself,
    lock_for_staff,
    lock_question,
    lock_reader,
    require_open,
    require_theirs,
    tidy_reason,
)

MOST_DAYS_MUTED = 90


@transaction.atomic
def report_post(
    *, question_id: int, answer_id: int | None, enrollment_id: int, reason: str
) -> PostReport | None:
    """Say that a question, or an answer to it, is out of place. None where the person has said so before.

    Who may not write reports, too, and in a closed cohort. Raises `ReasonMissing`, `PostTooLong`, `NoLongerThere`.
    """
    reason = tidy_reason(reason)
    enrollment = lock_reader(enrollment_id)
    question = lock_question(question_id, cohort_id=enrollment.cohort_id)
    answer = question.answers.get(pk=answer_id) if answer_id else None
    report, is_new = PostReport.objects.get_or_create(
        question=question, answer=answer, person_id=enrollment.person_id, defaults={"reason": reason}
    )
    return report if is_new else None


@transaction.atomic
def accept_answer(*, question_id: int, answer_id: int, by: User) -> Question:
    """Mark an answer as the answer; its question does not wait any more. Raises `AnswerNotOfQuestion`, `NotYoursToAnswer`,
    `QuestionsReadOnly`.
    """
    question = lock_for_staff(question_id, by=by)
    require_open(question.cohort)
    answer = question.answers.filter(pk=answer_id, hidden_at=None).first()
    if answer is None or question.is_hidden:
        raise AnswerNotOfQuestion
    question.accepted, question.waiting_since = answer, None
    question.save(update_fields=["accepted", "waiting_since"])
    if answer.person_id != question.person_id:
        QuestionNotice.objects.get_or_create(
            answer=answer,
            kind=QuestionNoticeKind.ANSWERED,
            defaults={"question": question, "person_id": question.person_id},
        )
    log(question, "courses.question.accept", user=by)
    return question


@transaction.atomic
def hide_post(*, question_id: int, answer_id: int | None, reason: str, by: User) -> Question:
    """Hide a question, or an answer to it, from all but its author and staff. Reports of it are settled by that. A trainee who wrote
    it is told the reason, and not who hid it.

    Raises `ReasonMissing`, `PostTooLong`, `HiddenAlready`, `NotYoursToAnswer`.
    """
    reason = tidy_reason(reason)
    question = lock_for_staff(question_id, by=by)
    post = _post(question, answer_id)
    if post.is_hidden:
        raise HiddenAlready
    post.hidden_at, post.hidden_by, post.hidden_for = timezone.now(), by, reason
    post.save(update_fields=["hidden_at", "hidden_by", "hidden_for"])
    if answer_id and question.accepted_id == answer_id:
        _take_mark_away(question)
    _open_reports(question, answer_id).update(settled_at=timezone.now(), settled_by=by)
    _tell_writer(question, post, QuestionNoticeKind.HIDDEN, reason)
    data = {"reason": reason}
    if answer_id:
        log(question, "courses.question.hide_answer", user=by, data=data)
    else:
        log(question, "courses.question.hide", user=by, data=data)
    return question


@transaction.atomic
def restore_post(*, question_id: int, answer_id: int | None, by: User) -> Question:
    """Show to all what was hidden; a trainee who wrote it is told. Raises `HiddenAlready` where it is not, `NotYoursToAnswer`."""
    question = lock_for_staff(question_id, by=by)
    post = _post(question, answer_id)
    if not post.is_hidden:
        raise HiddenAlready
    reason = post.hidden_for
    post.hidden_at, post.hidden_by, post.hidden_for = None, None, ""
    post.save(update_fields=["hidden_at", "hidden_by", "hidden_for"])
    if not _take_back_notice(question, answer_id):
        _tell_writer(question, post, QuestionNoticeKind.RESTORED, "")
    data = {"reason": reason}
    if answer_id:
        log(question, "courses.question.restore_answer", user=by, data=data)
    else:
        log(question, "courses.question.restore", user=by, data=data)
    return question


@transaction.atomic
def settle_reports(*, question_id: int, by: User) -> Question:
    """Leave what was reported as it is. Raises `NothingReported`, `ReportsOfOneself`, `NotYoursToAnswer`."""
    question = lock_for_staff(question_id, by=by)
    reports = question.reports.filter(settled_at=None)
    if not reports.exists():
        raise NothingReported
    if reports.filter(answer__staff=by).exists():
        raise ReportsOfOneself
    count = reports.update(settled_at=timezone.now(), settled_by=by)
    log(question, "courses.question.settle_reports", user=by, data={"count": count})
    return question


@transaction.atomic
def share_question(*, question_id: int, by: User) -> Question:
    """Let all cohorts of the program read it with its answer, without names. Raises `NotToBeShared`, `NotYoursToAnswer`."""
    question = lock_for_staff(question_id, by=by)
    accepted = question.accepted
    if question.is_hidden or accepted is None or accepted.is_hidden or not question.text or not accepted.text:
        raise NotToBeShared
    if question.shared_at is None:
        question.shared_at, question.shared_by = timezone.now(), by
        question.save(update_fields=["shared_at", "shared_by"])
        log(question, "courses.question.share", user=by)
    return question


@transaction.atomic
def stop_sharing(*, question_id: int, by: User) -> Question:
    """The own cohort alone reads it again. Raises `NotYoursToAnswer`."""
    question = lock_for_staff(question_id, by=by)
    if question.shared_at is not None:
        question.shared_at = question.shared_by = None
        question.save(update_fields=["shared_at", "shared_by"])
        log(question, "courses.question.stop_sharing", user=by)
    return question


@transaction.atomic
def mute_trainee(*, cohort_id: int, person_id: int, until: dt.date, reason: str, by: User) -> MutedTrainee:
    """The trainee reads on, writes nothing under the units of the cohort up to a day, and is told so, not by whom.

    Raises `ReasonMissing`, `MutedInThePast`, `MutedAlready`, `NoLongerThere`, `NotYoursToAnswer`.
    """
    reason = tidy_reason(reason)
    # In the order in which a writer locks: the enrollment first.
    enrollment = Enrollment.objects.select_for_update(of=("self",), no_key=True).filter(
        cohort=cohort_id, person=person_id
    )
    if enrollment.first() is None:
        raise NoLongerThere
    require_theirs(cohort_id, by=by)
    today = timezone.localdate()
    if not today <= until <= today + dt.timedelta(days=MOST_DAYS_MUTED):
        raise MutedInThePast(most=MOST_DAYS_MUTED)
    known = MutedTrainee.objects.filter(cohort=cohort_id, person=person_id, ended_at=None)
    if known.filter(until__gte=today).exists():
        raise MutedAlready
    known.update(ended_at=timezone.now())
    muted = MutedTrainee.objects.create(
        cohort_id=cohort_id, person_id=person_id, reason=reason, by=by, until=until
    )
    MuteNotice.objects.create(muted=muted, person_id=person_id, kind=MuteNoticeKind.MUTED)
    log(
        Person.objects.get(pk=person_id),
        "courses.question.mute",
        user=by,
        data={"cohort": muted.cohort.code, "until": until.isoformat(), "reason": reason},
    )
    return muted


@transaction.atomic
def unmute_trainee(*, cohort_id: int, person_id: int, by: User) -> None:
    """The trainee may write again, and is told so if they were told that they may not. Raises `NotMuted`, `NotYoursToAnswer`."""
    require_theirs(cohort_id, by=by)
    rows = MutedTrainee.objects.filter(
        cohort=cohort_id, person=person_id, ended_at=None, until__gte=timezone.localdate()
    )
    muted = rows.select_for_update(of=("self",)).select_related("cohort", "person").first()
    if muted is None:
        raise NotMuted
    muted.ended_at = timezone.now()
    muted.save(update_fields=["ended_at"])
    unsent = muted.notices.filter(kind=MuteNoticeKind.MUTED, state=NoticeState.WAITING)
    if not unsent.update(state=NoticeState.DROPPED):
        MuteNotice.objects.create(muted=muted, person=muted.person, kind=MuteNoticeKind.UNMUTED)
    log(muted.person, "courses.question.unmute", user=by, data={"cohort": muted.cohort.code})


def _post(question: Question, answer_id: int | None) -> Question | Answer:
    return question.answers.get(pk=answer_id) if answer_id else question


def _open_reports(question: Question, answer_id: int | None) -> QuerySet[PostReport]:
    return question.reports.filter(answer=answer_id, settled_at=None)


def _tell_writer(question: Question, post: Question | Answer, kind: QuestionNoticeKind, reason: str) -> None:
    """Staff, who may have written an answer, see it in the workplace."""
    if post.person_id is None:
        return
    answer = post if isinstance(post, Answer) else None
    QuestionNotice.objects.create(
        question=question, answer=answer, person_id=post.person_id, kind=kind, reason=reason
    )


def _take_back_notice(question: Question, answer_id: int | None) -> bool:
    """Drop the notice that it was hidden where it was not sent yet. Returns whether it was dropped."""
    unsent = question.notices.filter(
        answer=answer_id, kind=QuestionNoticeKind.HIDDEN, state=NoticeState.WAITING
    )
    return bool(unsent.update(state=NoticeState.DROPPED))


def _take_mark_away(question: Question) -> None:
    """Its answer is gone for those who read it: it waits again, and is no longer shared."""
    question.accepted, question.shared_at, question.shared_by = None, None, None
    if question.solved_at is None:
        question.waiting_since = timezone.now()
    question.save(update_fields=["accepted", "shared_at", "shared_by", "waiting_since"])
