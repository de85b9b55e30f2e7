"""Receipts of fees: what is issued for a fee was paid before, and of one proposal only some have paid."""

import datetime as dt

from django.utils import timezone

from accounts.enums import RoleName
from certificates.enums import FeeMeans
from certificates.models import Proposal
from certificates.queries.fees import unpaid_rows
from certificates.services.fees import Receipt, record_receipts
from lms.demo.clock import at
from lms.demo.people import DemoPeople


def pay_fees(cast: DemoPeople, proposal: Proposal, *, at_: dt.datetime, but: int = 0) -> None:
    """The receipts of the people of a proposal, but of the last `but` of them. Nothing where nothing is due."""
    with at(at_):
        rows = list(unpaid_rows().filter(proposal=proposal).order_by("pk"))
        rows = rows[: len(rows) - but]
        if not rows:
            return
        record_receipts(
            proposal_id=proposal.pk,
            receipts=[
                Receipt(row.pk, f"{proposal.pk:03}/{line:04}", row.fee)
                for line, row in enumerate(rows, start=1)
            ],
            means=FeeMeans.CASH_DESK,
            paid_on=timezone.localdate(),
            by=cast.working_at(RoleName.CENTER_MANAGER, proposal.center.code),
        )
