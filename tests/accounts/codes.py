"""Asking for codes and reading them, as the worker and the phone do."""

from accounts.models import ContactChallenge
from accounts.services.code_messages import send_code
from jobs.enums import JobState


def send_waiting() -> None:
    """What workers do with the messages of all requests that wait."""
    for challenge in ContactChallenge.objects.filter(state=JobState.WAITING).order_by("pk"):
        send_code(challenge_id=challenge.pk)
