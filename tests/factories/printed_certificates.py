"""Certificates that were printed and collected."""

from accounts.enums import DocumentKind, RoleName
from accounts.models import Center
from certificates.models import Collection, Credential, Printout
from certificates.services.collecting import Representative, hand_out
from certificates.services.printing import record_printed
from tests.factories.accounts import staff_member
from tests.factories.certificates import credential_in, drawn
from tests.factories.rows import row_of

BROTHER = Representative("محمود علي حسن", "٤٤١٢", "توكيل رقم ٣٣ لسنة ٢٠٢٦")


def drawn_in(center: Center) -> Credential:
    credential = credential_in(center)
    drawn(credential)
    return credential


@row_of(Printout)
def printed_in(center: Center) -> Printout:
    """A printed certificate that waits for its holder."""
    credential = drawn_in(center)
    assert credential.proposal_id
    (printout,) = record_printed(
        proposal_id=credential.proposal_id, by=staff_member(RoleName.REGISTRAR, center)
    )
    return printout


def collected(printout: Printout, by_other: Representative | None = None) -> Collection:
    return hand_out(
        credential_id=printout.credential_id,
        copy_number=printout.copy.number if printout.copy else None,
        document_kind=DocumentKind.NATIONAL_ID,
        representative=by_other,
        by=staff_member(RoleName.REGISTRAR, printout.credential.center),
    )


@row_of(Collection)
def collected_in(center: Center) -> Collection:
    return collected(printed_in(center))
