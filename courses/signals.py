"""Signals of this app."""

from django.dispatch import Signal

program_completed = Signal()
"""A person met every clause of the program's completion rule.

Sent by `courses.services.completion.complete_eligible` inside its transaction, with `send` (receivers fail together with it).

kwargs:
    enrollment: the completed `courses.models.Enrollment`.
    eligibility: the `courses.models.Eligibility` snapshot that proves it.
"""

enrollment_resumed = Signal()
"""A seat that had ended goes on, by reinstatement or because the person enrolled again: what happened meanwhile and was recorded nowhere counts
from now on.

Sent by `reinstate` and `enroll` of `courses.services.enrollments` inside their transaction, with `send` (receivers fail together with it).

kwargs:
    enrollment: the `courses.models.Enrollment`, which is active again.
    withdrawn_at: the aware `datetime` at which it ended.
"""

cohort_facts_corrected = Signal()
"""Two officers of the ministry corrected facts that papers of a cohort print: papers issued before say what is wrong.

Sent by `courses.services.facts.decide_correction` inside its transaction, with `send` (receivers fail together with it).

kwargs:
    cohort: the `courses.models.Cohort`, locked.
    changed: the names of the facts that changed, as `courses.models.CohortFacts` has them: names of claims, and `types`
        where names or rules of kinds of certificates changed.
"""
