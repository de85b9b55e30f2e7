"""Completion: a versioned rule, evaluated to stored evidence.

Completing is automatic. After every record that can help (a completed unit, a score, attendance) the
rule is evaluated, and an enrollment that meets it completes at once, by the system (`by=None`).
"""

from collections.abc import Collection, Iterable
from dataclasses import asdict

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from wagtail.log_actions import log

from accounts.models import AuditedModelLogEntry, User
from courses.clauses import Clauses, InvalidClauses, Score
from courses.enums import EnrollmentState
from courses.errors import (
    DoubtOfOwnDoing,
    InvalidRule,
    NotATestOfTheProgram,
    NotInDoubt,
    PracticeWithoutTasks,
    ReasonMissing,
    RuleNamesATestThatIsGone,
)
from courses.models import CompletionRule, ConfirmedCompletion, Eligibility, Enrollment, ProgramPage
from courses.queries.doubts import in_doubt, is_of_own_doing
from courses.queries.evidence import evidence_of_all
from courses.queries.pinning import tests_of
from courses.queries.progress import progress_of
from courses.queries.requirements import title_of
from courses.services.locks import locked_enrollment
from courses.signals import program_completed

USUAL = Clauses(units=True, attendance=75, score=Score(60))


@transaction.atomic
def set_completion_rule(*, program_id: int, by: User, asks: Clauses = USUAL) -> CompletionRule:
    """Write the next version of a program's rule. Cohorts already open keep the version they are pinned to.

    Raises `InvalidRule`, `NotATestOfTheProgram`, `PracticeWithoutTasks`.
    """
    try:
        asks.check()
    except InvalidClauses as fault:
        raise InvalidRule from fault
    if asks.practice.percent and not asks.practice.tasks:
        raise PracticeWithoutTasks
    program = ProgramPage.objects.select_for_update(no_key=True, of=("self",)).get(pk=program_id)
    _check_tests(program, asks)
    newest = program.completion_rules.aggregate(Max("version"))["version__max"] or 0
    rule = CompletionRule(program=program, version=newest + 1, clauses=asks.as_list())
    rule.save()
    log(rule, "courses.completion_rule.set", user=by, data={"version": rule.version})
    return rule


def _check_tests(program: ProgramPage, asks: Clauses) -> None:
    """A rule may name only what a trainee of the program can be marked in."""
    if not asks.score.tests:
        return
    marked = {str(unit.translation_key) for unit in tests_of(program)}
    for test in asks.score.tests:
        if test.unit not in marked:
            raise NotATestOfTheProgram(test=title_of(test.titles))


def require_tests_of(rule: CompletionRule, taught: Collection[str]) -> None:
    """Raise `RuleNamesATestThatIsGone` where the rule counts a test that is not among the keys of what is taught."""
    for test in rule.asks.score.tests:
        if test.unit not in taught:
            raise RuleNamesATestThatIsGone(test=title_of(test.titles))


@transaction.atomic
def complete_if_eligible(*, enrollment_id: int, is_corrected: bool = False) -> Enrollment:
    """Complete an active enrollment if its rule is met by now. Safe to call at any time and again: what was evaluated is stored
    only when something changed.

    After a correction (`is_corrected`), one that ended as not completed, too. Sends `program_completed`.
    """
    enrollment = locked_enrollment(enrollment_id)
    complete_eligible([enrollment], is_corrected=is_corrected)
    return enrollment


@transaction.atomic
def reconsider(*, enrollment_id: int, is_corrected: bool = False) -> Enrollment:
    """After a record was changed: complete who is eligible by now, and evaluate again who completed already.

    A completion that the evidence no longer supports stays, and is listed for those who certify.
    """
    enrollment = locked_enrollment(enrollment_id)
    reconsider_all([enrollment], is_corrected=is_corrected)
    return enrollment


@transaction.atomic
def confirm_completion(*, enrollment_id: int, reason: str, by: User) -> ConfirmedCompletion:
    """Note that `by` looked at a completion that the evidence no longer supports, and that it stays.

    Nothing else changes: certificates stay as they are, and new ones wait until the records support the completion. Raises
    `ReasonMissing`, `NotInDoubt`, `DoubtOfOwnDoing`.
    """
    reason = reason.strip()
    if not reason:
        raise ReasonMissing
    locked_enrollment(enrollment_id)
    enrollment = in_doubt(Enrollment.objects.all()).filter(pk=enrollment_id).first()
    if enrollment is None:
        raise NotInDoubt
    if is_of_own_doing(enrollment, by):
        raise DoubtOfOwnDoing
    confirmed = ConfirmedCompletion.objects.create(
        eligibility=enrollment.eligibilities.latest("evaluated_at", "pk"), reason=reason, by=by
    )
    log(enrollment, "courses.enrollment.confirm", user=by, data={"reason": reason})
    return confirmed


@transaction.atomic
def reconsider_all(enrollments: Collection[Enrollment], *, is_corrected: bool = False) -> None:
    """As `reconsider`, of many that the caller has locked: as many statements as for one."""
    _evaluated(one for one in enrollments if one.state == EnrollmentState.COMPLETED)
    complete_eligible(enrollments, is_corrected=is_corrected)


@transaction.atomic
def complete_eligible(enrollments: Iterable[Enrollment], *, is_corrected: bool = False) -> None:
    """As `complete_if_eligible`, of many that the caller has locked: as many statements as for one."""
    ends = {EnrollmentState.ACTIVE, EnrollmentState.FAILED} if is_corrected else {EnrollmentState.ACTIVE}
    open_ones = [enrollment for enrollment in enrollments if enrollment.state in ends]
    _complete([(one, eligibility) for one, eligibility in _evaluated(open_ones) if eligibility.met])


def _evaluated(enrollments: Iterable[Enrollment]) -> list[tuple[Enrollment, Eligibility]]:
    """What each that has a rule has to show for it now: as it was stored last, or stored now where something changed."""
    rules = {one: rule for one in enrollments if (rule := one.cohort.completion_rule)}
    if not rules:
        return []
    evidence = evidence_of_all(rules, progress_of(rules))
    stored = Eligibility.objects.filter(enrollment__in=[one.pk for one in rules])
    latest = {
        one.enrollment_id: one
        for one in stored.order_by("enrollment_id", "-evaluated_at", "-pk").distinct("enrollment_id")
    }
    now = timezone.now()
    changed = []
    for enrollment, rule in rules.items():
        found = evidence[enrollment.pk]
        met, facts, before = found.meets(rule.asks), asdict(found), latest.get(enrollment.pk)
        if before and (before.rule_id, before.met, before.evidence) == (rule.pk, met, facts):
            continue
        latest[enrollment.pk] = Eligibility(
            enrollment=enrollment, rule=rule, met=met, evidence=facts, evaluated_at=now
        )
        changed.append(latest[enrollment.pk])
    Eligibility.objects.bulk_create(changed)
    return [(one, latest[one.pk]) for one in rules]


def _complete(those: Collection[tuple[Enrollment, Eligibility]]) -> None:
    if not those:
        return
    now = timezone.now()
    keys = [enrollment.pk for enrollment, _eligibility in those]
    Enrollment.objects.filter(pk__in=keys).update(state=EnrollmentState.COMPLETED, completed_at=now)
    for enrollment, _eligibility in those:
        enrollment.state, enrollment.completed_at = EnrollmentState.COMPLETED, now
    AuditedModelLogEntry.objects.log_many(
        [
            (one, {"eligibility": eligibility.pk}, (one.cohort.center_id, one.person_id))
            for one, eligibility in those
        ],
        "courses.enrollment.complete",
        user=None,
    )
    for enrollment, eligibility in those:
        program_completed.send(sender=Enrollment, enrollment=enrollment, eligibility=eligibility)
