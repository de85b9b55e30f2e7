"""What certificates answer to facts of other apps and of their own."""

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver

from certificates.models import StatusEvent
from certificates.services import note_candidate, note_events
from certificates.signals import credential_status_changed
from courses.models import Eligibility, Enrollment
from courses.signals import program_completed


@receiver(program_completed, dispatch_uid="certificates.note_candidate")
def candidate_noted(enrollment: Enrollment, eligibility: Eligibility, **_: Any) -> None:
    note_candidate(enrollment=enrollment, eligibility=eligibility)


@receiver(credential_status_changed, dispatch_uid="certificates.note_webhook_deliveries")
def deliveries_noted(events: Sequence[StatusEvent], **_: Any) -> None:
    note_events(events)
