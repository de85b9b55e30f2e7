"""Keys of questions that were asked are corrected: what that changes is counted first, then read by a person, then written.

The count makes the same decisions by the same code as the run and writes nothing but its lines.
"""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from wagtail.log_actions import log

from accounts.enums import Act
from accounts.models import User
from accounts.scoping import may_everywhere
from accounts.scoping.hands import hands_of, is_of_one_hand, people_of, why_one_hand
from assessment.enums import AttemptAct, AttemptState, KeyRule, RegradePhase
from assessment.errors import (
    AnotherRegrade,
    KeyNotMarkable,
    KeyReasonMissing,
    OutOfDate,
    RegradeByProposer,
    RegradeByTeacher,
    RegradeNotAllowed,
    RegradeNotCounted,
    RegradeOfOwnTest,
    SameKey,
)
from assessment.marking.kinds import question_of
from assessment.marking.question import InvalidQuestion
from assessment.models import (
    Attempt,
    AttemptDecision,
    KeyCorrection,
    QuestionVersion,
    Regrade,
    RegradeLine,
)
from assessment.queries.keys import KeyInForce, key_as
from assessment.services.correcting import has_completed, write_corrections
from assessment.services.freezing import digest_of
from assessment.services.key_lock import change_keys
from assessment.services.keys_on_pages import find_keys_on_pages
from assessment.services.remarking import Change, changes_in
from courses.models import Enrollment
from courses.queries.issued_documents import with_document_in_force
from courses.queries.timetable import teachers_of_enrollments
from courses.services.locks import locked_enrollments
from jobs.enums import OPEN_STATES, JobState
from jobs.services.canceling import cancel
from jobs.services.dispatch import dispatch_jobs
from jobs.services.leases import fenced, finish, heartbeat, release_lease
from jobs.services.recovery import restart
from jobs.services.working import work_on

ATTEMPTS_IN_A_BATCH = 500
# What else waits in the queue gets its turn.
SECONDS_AT_A_TIME = 60
LONGEST_REASON = 200

_ON_ITS_WAY = (
    Q(state__in=OPEN_STATES)
    | Q(state=JobState.DONE, phase=RegradePhase.PREVIEW)
    | Q(state=JobState.FAILED, phase=RegradePhase.RUN)
)


@transaction.atomic
def propose_regrade(
    *, version_id: int, rule: KeyRule, reason: str, by: User, key: Mapping[str, Any] | None = None
) -> Regrade:
    """Have it counted what another key of a question as it was asked changes. Nothing is marked otherwise yet.

    `key`: as `assessment.marking` says, where the rule is another key; what is generated stays. The explanation is that of `key`, or none. Raises `RegradeNotAllowed`, `KeyReasonMissing`,
    `KeyNotMarkable`, `SameKey`, `AnotherRegrade`.
    """
    reason = _checked(by, reason)
    version = QuestionVersion.objects.select_for_update(of=("self",), no_key=True).get(pk=version_id)
    if version.regrades.filter(_ON_ITS_WAY).exists():
        raise AnotherRegrade
    to_version = _with_key(version, key or {}) if rule == KeyRule.KEY else None
    newest = version.corrections.first()
    now = (newest.rule, newest.to_version_id) if newest else (KeyRule.KEY, version.pk)
    if now == (rule, to_version.pk if to_version else None):
        raise SameKey
    regrade = Regrade.objects.create(
        version=version, rule=rule, to_version=to_version, reason=reason, after=newest, proposed_by=by
    )
    dispatch_jobs(Regrade, [regrade.pk])
    log(regrade, "assessment.regrade.propose", user=by, data={"rule": str(rule), "reason": reason})
    return regrade


@transaction.atomic
def start_regrade(*, regrade_id: int, by: User) -> Regrade:
    """From now on the question is marked by the corrected key, and what was marked before is marked again, in the name of `by`.

    `by` is another person than who asked for it. Raises `RegradeNotAllowed`, `RegradeNotCounted`, `RegradeByProposer`, `OutOfDate`,
    `RegradeOfOwnTest`, `RegradeByTeacher`.
    """
    _check_allowed(by)
    regrade = Regrade.objects.select_for_update(of=("self",)).get(pk=regrade_id)
    if regrade.phase != RegradePhase.PREVIEW or regrade.state != JobState.DONE:
        raise RegradeNotCounted
    proposer, act = {regrade.proposed_by_id}, Act.CORRECT_CONTENT
    if is_of_one_hand(by, proposer, act, on=regrade.proposed_at):
        raise why_one_hand(by, proposer, act, RegradeByProposer, on=regrade.proposed_at)
    change_keys()
    newest = KeyCorrection.objects.filter(version=regrade.version_id).first()
    if (newest.pk if newest else None) != regrade.after_id:
        raise OutOfDate
    _check_independent(regrade, by)
    KeyCorrection.objects.create(
        regrade=regrade,
        version_id=regrade.version_id,
        rule=regrade.rule,
        to_version_id=regrade.to_version_id,
        reason=regrade.reason,
        by=by,
    )
    quiz_key = QuestionVersion.objects.values_list("question__quiz_key", flat=True).get(pk=regrade.version_id)
    if quiz_key is not None:
        find_keys_on_pages(quiz_key)
    expected = {"asked": regrade.asked, "changed": regrade.changed}
    regrade.phase, regrade.started_by, regrade.started_at = RegradePhase.RUN, by, timezone.now()
    regrade.position = 0
    for name in _COUNTS:
        setattr(regrade, name, 0)
    regrade.save()
    restart(Regrade, [regrade.pk])
    facts = {"rule": regrade.rule, "reason": regrade.reason, **expected}
    log(regrade, "assessment.regrade.start", user=by, data=facts)
    regrade.refresh_from_db()
    return regrade


@transaction.atomic
def drop_regrade(*, regrade_id: int, by: User) -> Regrade:
    """Take back what was proposed and not started. Raises `RegradeNotAllowed`, `RegradeNotCounted`."""
    _check_allowed(by)
    regrade = Regrade.objects.select_for_update(of=("self",)).get(pk=regrade_id)
    is_waiting = regrade.state == JobState.DONE or regrade.state in OPEN_STATES
    if regrade.phase != RegradePhase.PREVIEW or not is_waiting:
        raise RegradeNotCounted
    if regrade.state == JobState.DONE:
        regrade.state = JobState.CANCELED
        regrade.save(update_fields=["state"])
    else:
        cancel(Regrade, regrade.pk)
        regrade.refresh_from_db()
    log(regrade, "assessment.regrade.drop", user=by)
    return regrade


def work_on_regrade(*, regrade_id: int) -> Regrade | None:
    """Count or mark again what is left. None if it is done, dropped, failed, leased by another worker, or to be continued."""
    return work_on(Regrade, regrade_id, _work, related=("started_by",))


def _checked(by: User, reason: str) -> str:
    """The reason, tidied. Raises `RegradeNotAllowed`, `KeyReasonMissing`."""
    _check_allowed(by)
    tidied = " ".join(reason.split())[:LONGEST_REASON]
    if not tidied:
        raise KeyReasonMissing
    return tidied


def _check_allowed(by: User) -> None:
    if not may_everywhere(by, Act.CORRECT_CONTENT):
        raise RegradeNotAllowed


def _with_key(version: QuestionVersion, key: Mapping[str, Any]) -> QuestionVersion:
    """The question with another key and the same generated values, written where there is none yet."""
    whole = {name: part for name, part in key.items() if name != "variables"}
    if "explanation" not in key:
        # That of another key would explain what is right no more.
        marks = {name: part for name, part in version.key.items() if name not in {"variables", "explanation"}}
        whole["explanation"] = version.key.get("explanation", {}) if whole == marks else {}
    if "variables" in version.key:
        whole["variables"] = version.key["variables"]
    try:
        question_of(version.kind, version.content, whole)
    except InvalidQuestion as error:
        raise KeyNotMarkable from error
    found, _is_new = QuestionVersion.objects.get_or_create(
        question_id=version.question_id,
        digest=digest_of(version.kind, version.content, whole),
        defaults={"kind": version.kind, "content": version.content, "key": whole},
    )
    return found


def _check_independent(regrade: Regrade, by: User) -> None:
    """Who takes the test, and who taught those whose marks change, does not decide (ADR 78). Raises `RegradeOfOwnTest`, `RegradeByTeacher`."""
    own = Attempt.objects.filter(enrollment__person__in=people_of(by))
    if own.filter(versions__contains=[regrade.version_id]).exists():
        raise RegradeOfOwnTest
    changed = regrade.lines.values("attempt__enrollment")
    touched = Enrollment.objects.filter(pk__in=changed).only("cohort", "transferred_at")
    cohorts = touched.filter(transferred_at=None).order_by("cohort_id").distinct("cohort_id")
    those = [*cohorts, *touched.filter(transferred_at__isnull=False)]
    if not hands_of(by).isdisjoint(teachers := teachers_of_enrollments(those)):
        raise why_one_hand(by, teachers, Act.TEACH, RegradeByTeacher)


# The work


def _work(regrade: Regrade) -> Regrade | None:
    key = key_as(regrade.version_id, KeyRule(regrade.rule), regrade.to_version_id)
    earlier = KeyCorrection.objects.filter(version=regrade.version_id, rule=KeyRule.NO_ONE)
    may_not_count = key.rule == KeyRule.NO_ONE or earlier.exists()
    until = time.monotonic() + SECONDS_AT_A_TIME
    while batch := _next_attempts(regrade):
        if time.monotonic() > until:
            release_lease(regrade)
            return None
        heartbeat(regrade)
        _do_batch(regrade, batch, key, may_not_count=may_not_count)
    return _finish(regrade)


def _next_attempts(regrade: Regrade) -> list[int]:
    """The keys of the next attempts to look at: all of each of the next enrollments, as their scores make one progress."""
    asked = Attempt.objects.filter(
        state=AttemptState.MARKED,
        versions__contains=[regrade.version_id],
        enrollment__gt=regrade.position,
    ).order_by("enrollment_id", "pk")
    # What was declared void earns nothing by any key.
    asked = asked.exclude(pk__in=AttemptDecision.objects.filter(act=AttemptAct.VOIDED).values("attempt"))
    found = list(asked.values_list("pk", "enrollment")[:ATTEMPTS_IN_A_BATCH])
    if not found:
        return []
    last = found[-1][1]
    if len(found) == ATTEMPTS_IN_A_BATCH and found[0][1] != last:
        # The last one may have more.
        return [pk for pk, enrollment in found if enrollment != last]
    if len(found) == ATTEMPTS_IN_A_BATCH:
        return list(asked.filter(enrollment=last).values_list("pk", flat=True))
    return [pk for pk, _enrollment in found]


@transaction.atomic
def _do_batch(regrade: Regrade, batch: Sequence[int], key: KeyInForce, *, may_not_count: bool) -> None:
    """A batch and the position after it: all of it, or nothing."""
    held = fenced(regrade, related=("started_by",))
    rows = Attempt.objects.filter(pk__in=batch)
    if held.phase == RegradePhase.RUN:
        # Before the marks are read: regrades of two questions change one attempt after the other.
        locked_enrollments(rows.values_list("enrollment", flat=True))
    attempts = list(rows.select_related("enrollment").order_by("enrollment_id", "pk"))
    changes = changes_in(attempts, held.version_id, key, may_not_count=may_not_count)
    documents = with_document_in_force({one.attempt.enrollment_id for one in changes})
    if held.phase == RegradePhase.RUN:
        held.kept_by_hand += _write(held, changes, documents)
    else:
        RegradeLine.objects.bulk_create(_line(held, one, documents) for one in changes)
    _count(held, len(attempts), changes, documents)
    held.position = regrade.position = attempts[-1].enrollment_id
    held.save(update_fields=["position", *_COUNTS])


_COUNTS = ("asked", "changed", "now_passed", "now_failed", "completed", "documented", "kept_by_hand")


def _count(held: Regrade, asked: int, changes: Sequence[Change], documents: set[int]) -> None:
    held.asked += asked
    held.changed += len(changes)
    held.now_passed += sum(one.to_passed and not one.from_passed for one in changes)
    held.now_failed += sum(one.from_passed and not one.to_passed for one in changes)
    # A batch has all attempts of an enrollment.
    enrollments = {one.attempt.enrollment_id: one.attempt.enrollment for one in changes}
    held.completed += sum(has_completed(one) for one in enrollments.values())
    held.documented += len(documents)


def _line(held: Regrade, one: Change, documents: set[int]) -> RegradeLine:
    return RegradeLine(
        regrade=held,
        attempt=one.attempt,
        from_score=one.from_score,
        to_score=one.to_score,
        from_passed=one.from_passed,
        to_passed=one.to_passed,
        has_completed=has_completed(one.attempt.enrollment),
        has_document=one.attempt.enrollment_id in documents,
    )


def _write(held: Regrade, changes: Sequence[Change], documents: set[int]) -> int:
    """Mark again. Returns how many scores a person had set since."""
    if not changes or held.started_by is None:
        return 0
    return write_corrections(
        changes, documents, reason=held.reason, by=held.started_by, correction=held.correction
    )


@transaction.atomic
def _finish(regrade: Regrade) -> Regrade:
    ended = finish(regrade)
    if ended.phase == RegradePhase.RUN:
        data = {
            "asked": ended.asked,
            "changed": ended.changed,
            "now_passed": ended.now_passed,
            "now_failed": ended.now_failed,
            "completed": ended.completed,
            "documented": ended.documented,
            "kept_by_hand": ended.kept_by_hand,
        }
        log(ended, "assessment.regrade.finish", user=ended.started_by, data=data)
    return ended
