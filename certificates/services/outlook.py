"""What a person would get for an enrollment, and why: completion and each kind of certificate, also if things were otherwise."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace

from django.utils import timezone

from certificates.enums import BlockingReason, CredentialKind
from certificates.models import CredentialType, IssuingRule
from certificates.services.claims import blocked_by_rule, rule_of
from certificates.services.eligibility import eligibility_data_in
from courses.clauses import Clauses
from courses.enums import CohortState, EnrollmentState
from courses.models import CompletionRule, Eligibility, Enrollment
from courses.queries.evidence import Evidence, evidence_of
from courses.queries.facts import facts_in_force
from courses.queries.requirements import Requirement, clauses_of


@dataclass(frozen=True)
class Supposed:
    """What to suppose instead of what is on record; None leaves it as it is. Percentages, and whole hours."""

    units: bool = False
    attendance: int | None = None
    hours: int | None = None
    score: int | None = None
    practice: int | None = None


@dataclass(frozen=True)
class ExpectedCertificate:
    """A kind with its rule for the cohort, and what prevents it: pairs of reason and detail, none where it could be proposed."""

    type: CredentialType
    rule: IssuingRule
    obstacles: list[tuple[BlockingReason, str]]


@dataclass(frozen=True)
class Outlook:
    rule: CompletionRule
    requirements: list[Requirement]
    completes: bool
    certificates: list[ExpectedCertificate]


NOTHING_ELSE = Supposed()


def outlook_of(enrollment: Enrollment, *, rule: CompletionRule, supposed: Supposed = NOTHING_ELSE) -> Outlook:
    """Evaluate an enrollment under `rule`, which may be another version than its cohort's. Writes nothing.

    Whether a certificate can be printed is not asked: a proposal shows that. Statements: those of the evidence, and a few for each
    kind of certificate.
    """
    evidence = _supposing(evidence_of(enrollment, rule), supposed, rule.asks)
    met = evidence.meets(rule.asks)
    evaluated = Eligibility(
        enrollment=enrollment,
        rule=rule,
        met=met,
        evidence=asdict(evidence),
        evaluated_at=timezone.now(),
    )
    return Outlook(
        rule=rule,
        requirements=clauses_of(evidence, rule.asks),
        completes=met or enrollment.state == EnrollmentState.COMPLETED,
        certificates=list(_certificates(enrollment, evaluated)),
    )


def _certificates(enrollment: Enrollment, evaluated: Eligibility) -> Iterator[ExpectedCertificate]:
    cohort, state = enrollment.cohort, enrollment.state
    facts = facts_in_force(cohort).facts
    for type_ in CredentialType.objects.filter(is_active=True).prefetch_related("rules"):
        rule = rule_of(type_, facts)
        if rule is None:
            continue
        (data,) = eligibility_data_in([enrollment], cohort, type_, rule)
        if evaluated.met and state == EnrollmentState.ACTIVE:
            enrollment.state = EnrollmentState.COMPLETED
        obstacles = list(blocked_by_rule(replace(data, eligibility=evaluated), rule))
        enrollment.state = state
        if type_.kind == CredentialKind.ATTENDANCE and cohort.state != CohortState.CLOSED:
            obstacles.append((BlockingReason.COHORT_RUNS, ""))
        yield ExpectedCertificate(type_, rule, obstacles)


def _supposing(evidence: Evidence, supposed: Supposed, asks: Clauses) -> Evidence:
    """The evidence with what is supposed in the place of what is on record. A supposed score is that of every test."""
    units, attendance, hours = evidence.units, evidence.attendance, evidence.hours
    score, practice = evidence.score, evidence.practice
    if supposed.units:
        units = replace(units, done=units.required, missing=[])
    if supposed.attendance is not None:
        share = supposed.attendance
        attendance = replace(attendance, percent=share, attended=share, held=100, upcoming=0)
    if supposed.hours is not None:
        hours = replace(hours, minutes=supposed.hours * 60)
    if supposed.score is not None:
        below = [test.unit for test in asks.score.tests if supposed.score < test.minimum]
        score = replace(score, percent=f"{supposed.score}.00", below=below)
    if supposed.practice is not None:
        practice = replace(practice, percent=f"{supposed.practice}.00", passed=practice.tasks, missing=[])
    return Evidence(units, attendance, hours, score, practice)
