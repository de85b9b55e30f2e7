"""Printed certificates of the demo: one is collected in person, one by a representative, the others wait."""

from accounts.enums import DocumentKind, RoleName
from certificates.errors import NothingToPrint
from certificates.models import Collection, Credential, Printout
from certificates.services.collecting import Representative, hand_out
from certificates.services.printing import record_printed
from lms.demo.people import DemoPeople

_BROTHER = Representative("أحمد رجب عبد السلام", "3127", "توكيل عام رقم 214 لسنة 2026")


def hand_out_certificates(cast: DemoPeople, credential: Credential) -> None:
    """What the worker has drawn by now of the trainee's proposal and of an older one is printed, and two papers are collected. Once."""
    if Collection.objects.exists():
        return
    older = Credential.objects.filter(
        type__code="completion", center=credential.center, proposal__isnull=False
    ).exclude(proposal=credential.proposal)
    for one in (credential, older.order_by("pk").first()):
        if one is None or one.proposal_id is None:
            continue
        try:
            record_printed(
                proposal_id=one.proposal_id, by=cast.working_at(RoleName.CENTER_MANAGER, one.center.code)
            )
        except NothingToPrint:
            # The worker has not come to these yet.
            continue
    waiting = Printout.objects.waiting().filter(copy=None).exclude(credential=credential).order_by("pk")
    for printout, other in zip(waiting, (None, _BROTHER), strict=False):
        hand_out(
            credential_id=printout.credential_id,
            copy_number=None,
            document_kind=DocumentKind.NATIONAL_ID,
            representative=other,
            by=cast.working_at(RoleName.CENTER_MANAGER, credential.center.code),
        )
