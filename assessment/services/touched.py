"""An officer looks at certificates in force that a corrected key touches. The certificate itself is suspended or revoked on its own page."""

from django.db import transaction
from wagtail.log_actions import log

from accounts.errors import ReasonMissing
from accounts.models import User
from accounts.scoping.hands import is_own
from assessment.errors import NothingTouched, OwnCertificate
from assessment.models import CorrectionReview
from assessment.queries.touched import corrections_of
from courses.models import Enrollment
from courses.services.locks import locked_enrollment

LONGEST_REASON = 200


@transaction.atomic
def review_touched(*, enrollment_id: int, reason: str, by: User) -> list[CorrectionReview]:
    """Note what follows for the certificates of an enrollment from all corrections that wait. Raises `ReasonMissing`, `OwnCertificate`, `NothingTouched`."""
    reason = " ".join(reason.split())[:LONGEST_REASON]
    if not reason:
        raise ReasonMissing
    enrollment: Enrollment = locked_enrollment(enrollment_id)
    if is_own(by, enrollment.person_id):
        raise OwnCertificate
    waiting = corrections_of(enrollment)
    reviews = CorrectionReview.objects.bulk_create(
        CorrectionReview(correction=one, reason=reason, by=by) for one in waiting
    )
    if not reviews:
        raise NothingTouched
    facts = {"corrections": len(reviews), "reason": reason}
    log(enrollment, "assessment.correction.review", user=by, data=facts)
    return reviews
