"""What certificates answer to facts of other apps."""

from typing import Any

from django.dispatch import receiver

from certificates.services import note_candidate
from courses.models import Eligibility, Enrollment
from courses.signals import program_completed


@receiver(program_completed, dispatch_uid="certificates.note_candidate")
def candidate_noted(enrollment: Enrollment, eligibility: Eligibility, **_: Any) -> None:
    note_candidate(enrollment=enrollment, eligibility=eligibility)
