"""Completion: a versioned rule, evaluated to stored evidence.

Completing is automatic. After every record that can help (a completed unit, a score, attendance) the
rule is evaluated, and an enrollment that meets it completes at once, by the system (`by=None`).
"""

from dataclasses import asdict

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from wagtail.log_actions import log

from accounts.models import User
from courses.enums import EnrollmentState
from courses.errors import NoCompletionRule
from courses.models import CompletionRule, Eligibility, Enrollment, ProgramPage
from courses.queries.evidence import evidence_of
from courses.services.locks import locked_enrollment
from courses.signals import program_completed


@transaction.atomic
def set_completion_rule(
    *,
    program_id: int,
    by: User,
    all_required_units: bool = True,
    attendance_percent: int = 75,
    score_percent: int = 60,
) -> CompletionRule:
    """Write the next version of a program's rule. Cohorts already open keep the version they are pinned to."""
    program = ProgramPage.objects.select_for_update(no_key=True, of=("self",)).get(pk=program_id)
    newest = program.completion_rules.aggregate(Max("version"))["version__max"] or 0
    rule = CompletionRule(
        program=program,
        version=newest + 1,
        all_required_units=all_required_units,
        attendance_percent=attendance_percent,
        score_percent=score_percent,
    )
    rule.save()
    log(rule, "courses.completion_rule.set", user=by, data={"version": rule.version})
    return rule


@transaction.atomic
def evaluate(*, enrollment_id: int) -> Eligibility:
    """Evaluate the cohort's rule for an enrollment. A new snapshot is stored only when something changed.

    Raises `NoCompletionRule`.
    """
    return _evaluated(locked_enrollment(enrollment_id))


@transaction.atomic
def complete_if_eligible(*, enrollment_id: int, is_corrected: bool = False) -> Enrollment:
    """Complete an active enrollment if its rule is met by now. Safe to call at any time and again.

    After a correction (`is_corrected`), one that ended as not completed, too. Sends `program_completed`.
    """
    enrollment = locked_enrollment(enrollment_id)
    ends = {EnrollmentState.ACTIVE, EnrollmentState.FAILED} if is_corrected else {EnrollmentState.ACTIVE}
    if enrollment.state not in ends or enrollment.cohort.completion_rule is None:
        return enrollment
    eligibility = _evaluated(enrollment)
    return _completed(enrollment, eligibility) if eligibility.met else enrollment


def _evaluated(enrollment: Enrollment) -> Eligibility:
    rule = enrollment.cohort.completion_rule
    if rule is None:
        raise NoCompletionRule
    evidence = evidence_of(enrollment, rule)
    facts = asdict(evidence)
    met = evidence.meets(rule)
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
