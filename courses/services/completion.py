"""Completion: a versioned rule, evaluated to stored evidence.

Completing is automatic. After every record that can help (a completed unit, a score, attendance) the
rule is evaluated, and an enrollment that meets it completes at once, by the system (`by=None`).
"""

from collections.abc import Collection
from dataclasses import asdict

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from wagtail.log_actions import log

from accounts.models import User
from courses.clauses import Clauses, InvalidClauses, Score
from courses.enums import EnrollmentState
from courses.errors import (
    InvalidRule,
    NotATestOfTheProgram,
    PracticeWithoutTasks,
    RuleNamesATestThatIsGone,
)
from courses.models import CompletionRule, Eligibility, Enrollment, ProgramPage
from courses.queries.evidence import evidence_of
from courses.queries.pinning import tests_of
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
    ends = {EnrollmentState.ACTIVE, EnrollmentState.FAILED} if is_corrected else {EnrollmentState.ACTIVE}
    rule = enrollment.cohort.completion_rule
    if enrollment.state not in ends or rule is None:
        return enrollment
    eligibility = _evaluated(enrollment, rule)
    return _completed(enrollment, eligibility) if eligibility.met else enrollment


@transaction.atomic
def reconsider(*, enrollment_id: int, is_corrected: bool = False) -> Enrollment:
    """After a record was changed: complete who is eligible by now, and evaluate again who completed already.

    A completion that the evidence no longer supports stays, and is listed for those who certify.
    """
    enrollment = locked_enrollment(enrollment_id)
    if enrollment.state != EnrollmentState.COMPLETED:
        return complete_if_eligible(enrollment_id=enrollment_id, is_corrected=is_corrected)
    if rule := enrollment.cohort.completion_rule:
        _evaluated(enrollment, rule)
    return enrollment


def _evaluated(enrollment: Enrollment, rule: CompletionRule) -> Eligibility:
    evidence = evidence_of(enrollment, rule)
    facts = asdict(evidence)
    met = evidence.meets(rule.asks)
    latest = enrollment.eligibilities.first()
    if latest and (latest.rule_id, latest.met, latest.evidence) == (rule.pk, met, facts):
        return latest
    return Eligibility.objects.create(
        enrollment=enrollment, rule=rule, met=met, evidence=facts, evaluated_at=timezone.now()
    )


def _completed(enrollment: Enrollment, eligibility: Eligibility) -> Enrollment:
    enrollment.state = EnrollmentState.COMPLETED
    enrollment.completed_at = timezone.now()
    enrollment.save(update_fields=["state", "completed_at"])
    log(enrollment, "courses.enrollment.complete", user=None, data={"eligibility": eligibility.pk})
    program_completed.send(sender=Enrollment, enrollment=enrollment, eligibility=eligibility)
    return enrollment
