"""One range of security paper, for licenses: the center has it in stock, and one sheet is spoiled."""

from django.utils import timezone

from accounts.enums import RoleName
from accounts.models import Center
from certificates.enums import SheetState
from certificates.models import CredentialType
from certificates.services.security_paper import deliver_sheets, end_sheet
from lms.demo.clock import at, moment
from lms.demo.people import DemoPeople


def sheets_of_the_center(cast: DemoPeople, center: Center) -> None:
    CredentialType.objects.filter(code="licence").update(needs_security_paper=True, shows_sheet=True)
    with at(moment(-20, 10)):
        delivery = deliver_sheets(
            center=center,
            prefix="EG",
            first=4201,
            last=4250,
            received_on=timezone.localdate(),
            received_by="أ. وفاء جابر مرسي",
            by=cast.login(RoleName.MINISTRY_OFFICER),
        )
    with at(moment(-19, 10)):
        end_sheet(
            sheet_id=delivery.sheets.earliest("number").pk,
            state=SheetState.SPOILED,
            reason="ابتلت الورقة الأولى في الحزمة",
            by=cast.working_at(RoleName.CENTER_MANAGER, center.code),
        )
