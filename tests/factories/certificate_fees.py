"""Fees of certificates, and what settled them."""

import datetime as dt
from decimal import Decimal

from django.utils import timezone

from accounts.enums import RoleName
from accounts.models import Center, User
from certificates.enums import FeeFor, FeeMeans
from certificates.models import Credential, CredentialType, Fee, Proposal, SettledFee
from certificates.queries.fees import copy_fee_due, unpaid_rows
from certificates.services.fees import Receipt, record_copy_receipt, record_receipts
from tests.factories.accounts import staff_member
from tests.factories.certificates import credential_type, proposed
from tests.factories.courses import CohortFactory
from tests.factories.rows import row_of

AMOUNT = Decimal(120)


def fee_since_last_month(
    type_: CredentialType | None = None, due_for: FeeFor = FeeFor.ISSUE, amount: Decimal = AMOUNT
) -> Fee:
    since = timezone.localdate() - dt.timedelta(days=30)
    return Fee.objects.create(type=type_ or credential_type(), due_for=due_for, amount=amount, since=since)


def paid(proposal: Proposal, *numbers: str, by: User | None = None) -> list[SettledFee]:
    """The receipts of the first rows that wait, with these numbers; recorded by a registrar of the center or `by`."""
    rows = unpaid_rows().filter(proposal=proposal).order_by("pk")
    return record_receipts(
        proposal_id=proposal.pk,
        receipts=[Receipt(row.pk, number, row.fee) for row, number in zip(rows, numbers, strict=False)],
        means=FeeMeans.CASH_DESK,
        paid_on=timezone.localdate(),
        by=by or staff_member(RoleName.REGISTRAR, proposal.center),
    )


def copy_paid(credential: Credential, number: str) -> SettledFee:
    """The receipt for the next copy, recorded by a registrar of the center."""
    today = timezone.localdate()
    return record_copy_receipt(
        credential_id=credential.pk,
        number=number,
        amount=copy_fee_due(credential, day=today),
        means=FeeMeans.CASH_DESK,
        paid_on=today,
        by=staff_member(RoleName.REGISTRAR, credential.center),
    )


def proposed_with_fee(center: Center) -> Proposal:
    """A proposal of one person whose fee was not received."""
    type_ = credential_type()
    if not Fee.objects.filter(type=type_, due_for=FeeFor.ISSUE).exists():
        fee_since_last_month(type_)
    return proposed(CohortFactory(center=center))


@row_of(SettledFee)
def settled_fee_in(center: Center) -> SettledFee:
    proposal = proposed_with_fee(center)
    return paid(proposal, f"{proposal.pk}")[0]
