"""Row locks of attempts."""

from assessment.models import Attempt
from courses.services.locks import locked_enrollment


def locked_attempt(attempt_id: int) -> Attempt:
    """An attempt with its enrollment, both locked: the enrollment first, as everything that changes a score does, so that no two wait
    for each other.
    """
    enrollment = locked_enrollment(Attempt.objects.values_list("enrollment", flat=True).get(pk=attempt_id))
    attempt = Attempt.objects.select_for_update(of=("self",), no_key=True).get(pk=attempt_id)
    attempt.enrollment = enrollment
    return attempt
