"""Signals of this app."""

from django.dispatch import Signal

program_completed = Signal()
"""A person met every clause of the program's completion rule.

Sent by `courses.services.completion.complete_eligible` inside its transaction, with `send` (receivers fail together with it).

kwargs:
    enrollment: the completed `courses.models.Enrollment`.
    eligibility: the `courses.models.Eligibility` snapshot that proves it.
"""
