"""Signals of this app."""

from django.dispatch import Signal

program_completed = Signal()
"""A person met every clause of the program's completion rule.

Sent by `courses.services.completion.complete_eligible` inside its transaction, with `send` (receivers fail together with it).

kwargs:
    enrollment: the completed `courses.models.Enrollment`.
    eligibility: the `courses.models.Eligibility` snapshot that proves it.
"""

cohort_facts_corrected = Signal()
"""Facts of a cohort that were frozen when it opened were corrected by the ministry.

Sent inside the transaction of the correction, with `send` (receivers fail together with it).

kwargs:
    cohort: the `courses.models.Cohort`.
    changed: the names of the facts, as in the claims of certificates.
"""
