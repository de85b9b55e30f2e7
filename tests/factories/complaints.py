"""Complaints."""

from typing import Any

from accounts.models import Center
from courses.enums import ComplaintChannel, ComplaintKind
from courses.models import Complaint, Enrollment
from courses.services.complaints import file_complaint
from tests.factories.accounts import TraineeFactory
from tests.factories.courses import EnrollmentFactory
from tests.factories.rows import Visit, row_of, visit

PHONE = "+201001234567"


def complaint_of(enrollment: Enrollment, kind: str = ComplaintKind.CLASS, **facts: Any) -> Complaint:
    """Of a trainee about the own cohort."""
    return file_complaint(
        **{
            "kind": kind,
            "channel": ComplaintChannel.LOGIN,
            "text": "المدرب لم يحضر ثلاث مرات.",
            "name": enrollment.person.name,
            "phone": PHONE,
            "language": "ar",
            "person": enrollment.person,
            "cohort": enrollment.cohort,
            **facts,
        }
    )


def citizens_complaint(center: Center | None, kind: str = ComplaintKind.COURSE, **facts: Any) -> Complaint:
    """Of somebody without a login."""
    return file_complaint(
        **{
            "kind": kind,
            "channel": ComplaintChannel.PUBLIC,
            "text": "الدرس الثالث لا يعمل.",
            "name": "سعاد محمود",
            "phone": PHONE,
            "language": "ar",
            "center": center,
            **facts,
        }
    )


@row_of(Complaint)
def complaint_in(center: Center) -> Complaint:
    return citizens_complaint(center)


@visit("courses:complaint")
def own_complaint(center: Center) -> Visit:
    enrollment = EnrollmentFactory(cohort__center=center, person__registered_at=center)
    complaint = complaint_of(enrollment)
    return Visit(user=TraineeFactory(person=enrollment.person), kwargs={"reference": complaint.reference})
