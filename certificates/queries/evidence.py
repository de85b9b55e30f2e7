"""Evaluations of enrollments, and what a rule of issuing asks of them."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from certificates.enums import BlockingReason
from certificates.models import IssuingRule
from courses.models import Eligibility, Enrollment


def newest_eligibilities(enrollments: Iterable[Enrollment | int]) -> Mapping[int, Eligibility]:
    """The last evaluation of each enrollment, by its id."""
    evaluated = Eligibility.objects.filter(enrollment__in=enrollments).select_related("rule")
    return {one.enrollment_id: one for one in evaluated.order_by("evaluated_at", "pk")}


def missing_evidence(
    eligibility: Eligibility | None, rule: IssuingRule
) -> Iterator[tuple[BlockingReason, str]]:
    """The requirements of a rule that an evaluation does not meet; all of them if there is no evaluation."""
    evidence = eligibility.evidence if eligibility else {}
    asks = rule.asks
    for block, name, required in (
        (BlockingReason.ATTENDANCE, "attendance", asks.attendance),
        (BlockingReason.SCORE, "score", asks.score.percent),
        (BlockingReason.PRACTICE, "practice", asks.practice.percent),
    ):
        reached = (evidence.get(name) or {}).get("percent")
        if required and (reached is None or Decimal(reached) < required):
            # Numbers alone: the row is shown in both languages.
            yield block, f"{reached if reached is not None else '–'} / {required} %"
    hours = whole_hours(evidence)
    if asks.hours and (hours is None or hours < asks.hours):
        yield BlockingReason.HOURS, f"{hours if hours is not None else '–'} / {asks.hours}"


def whole_hours(evidence: Mapping[str, Any]) -> int | None:
    """Whole hours in classes; None in evaluations of before hours were counted."""
    minutes = (evidence.get("hours") or {}).get("minutes")
    return None if minutes is None else int(minutes) // 60
