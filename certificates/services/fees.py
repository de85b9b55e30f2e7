"""Fees of certificates: recorded when they were paid, or waived, before anything is issued.

What is recorded is an amount of money, so it is never changed: it is canceled with a reason and recorded again.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from wagtail.log_actions import log

from accounts.digits import latin_digits
from accounts.enums import Act
from accounts.errors import DomainError
from accounts.models import User
from accounts.scoping import may
from accounts.scoping.hands import hands_of, is_own, lenders_of
from accounts.services.formatting import format_list, format_pounds
from certificates.enums import FeeFor, FeeMeans
from certificates.errors import (
    CopyFeeNotReceived,
    FeeIsUsed,
    FeeWasCanceled,
    NoFeeDue,
    NoReceipt,
    NotAllowedHere,
    OwnRecord,
    PaidLater,
    ReasonMissing,
    ReceiptCountedBefore,
    ReceiptsRefused,
    ReceiptUnreadable,
    RecordedItsFee,
    WrongAmount,
)
from certificates.models import Credential, Proposal, ProposalRow, SettledFee
from certificates.queries.fees import (
    FeesOnDay,
    copy_fee_due,
    due_for,
    open_copy_fee,
    unpaid_rows,
    with_fees,
)

_NUMBER = re.compile(r"[\w ./-]{1,40}")
_LETTERS_OR_DIGITS = re.compile(r"[0-9]+|[^\W\d_]+")


@dataclass(frozen=True)
class Receipt:
    """What was typed for one row of a proposal."""

    row_id: int
    number: str
    amount: Decimal


def read_number(typed: str) -> str:
    """The number of a receipt as it is kept. Raises ReceiptUnreadable."""
    number = " ".join(latin_digits(unicodedata.normalize("NFKC", typed)).split())
    if not _NUMBER.fullmatch(number) or not key_of_number(number):
        raise ReceiptUnreadable
    return number


def key_of_number(number: str) -> str:
    """What two spellings of one number have in common: its letters and its digits, without zeros before them. Empty without a digit."""
    parts = _LETTERS_OR_DIGITS.findall(number.upper())
    key = "-".join(part.lstrip("0") or "0" if part.isdecimal() else part for part in parts)
    return key if any(part.isdecimal() for part in parts) else ""


@transaction.atomic
def record_receipts(
    *, proposal_id: int, receipts: Sequence[Receipt], means: FeeMeans, paid_on: dt.date, by: User
) -> list[SettledFee]:
    """Record the receipts of rows that wait for their fee: all of them or none.

    The amount is the whole fee of the day on which it was paid. Raises NoReceipt, NotAllowedHere, PaidLater, and ReceiptsRefused
    with the error of each row: NoFeeDue, OwnRecord, ReceiptCountedBefore, ReceiptUnreadable, WrongAmount.
    """
    proposal = _locked_proposal(proposal_id, by=by, act=Act.RECORD_FEES)
    if not receipts:
        raise NoReceipt
    _check_day(paid_on)
    waiting = _waiting(proposal, [receipt.row_id for receipt in receipts])
    fees = FeesOnDay(proposal, paid_on)
    found: dict[int, SettledFee] = {}
    faults: dict[int, DomainError] = {}
    for receipt in receipts:
        try:
            found[receipt.row_id] = _from_receipt(receipt, waiting, fees, means=means, paid_on=paid_on, by=by)
        except DomainError as fault:
            faults[receipt.row_id] = fault
    faults |= _counted_before(found)
    if faults:
        raise ReceiptsRefused(faults)
    return _saved(list(found.values()), holders=[waiting[key].person_id for key in found])


@transaction.atomic
def waive_fee(*, row_id: int, reason: str, by: User) -> SettledFee:
    """Waive the fee of one row. Raises NoFeeDue, NotAllowedHere, OwnRecord, ReasonMissing."""
    row = ProposalRow.objects.select_related("proposal", "person").get(pk=row_id)
    proposal = _locked_proposal(row.proposal_id, by=by, act=Act.WAIVE_FEES)
    waiting = _waiting(proposal, [row_id])
    if row_id not in waiting:
        raise NoFeeDue
    today = timezone.localdate()
    waiver = _settled(waiting[row_id], FeesOnDay(proposal, today).of(row), FeeMeans.WAIVER, today, by=by)
    return _waived(waiver, reason, holder_id=row.person_id)


@transaction.atomic
def record_copy_receipt(
    *, credential_id: int, number: str, amount: Decimal, means: FeeMeans, paid_on: dt.date, by: User
) -> SettledFee:
    """Record the receipt for the next copy of a certificate.

    Raises NoFeeDue, NotAllowedHere, OwnRecord, PaidLater, ReceiptCountedBefore, ReceiptUnreadable, WrongAmount.
    """
    credential = _locked_credential(credential_id, by=by, act=Act.RECORD_FEES)
    _check_day(paid_on)
    due = _copy_fee_due(credential, paid_on)
    if amount != due:
        raise WrongAmount(due=format_pounds(due))
    settled = _of_copy(credential, amount, means, paid_on, by=by)
    settled.number = read_number(number)
    settled.number_key = key_of_number(settled.number)
    if fault := _counted_before({0: settled}).get(0):
        raise fault
    return _saved([settled], holders=[credential.holder_id])[0]


@transaction.atomic
def waive_copy_fee(*, credential_id: int, reason: str, by: User) -> SettledFee:
    """Waive the fee of the next copy of a certificate. Raises NoFeeDue, NotAllowedHere, OwnRecord, ReasonMissing."""
    credential = _locked_credential(credential_id, by=by, act=Act.WAIVE_FEES)
    today = timezone.localdate()
    waiver = _of_copy(credential, _copy_fee_due(credential, today), FeeMeans.WAIVER, today, by=by)
    return _waived(waiver, reason, holder_id=credential.holder_id)


@transaction.atomic
def cancel_settled_fee(*, settled_fee_id: int, reason: str, by: User) -> SettledFee:
    """Cancel a receipt or a waiver as long as nothing was issued on it. The number may then be recorded for another person.

    Raises FeeIsUsed, FeeWasCanceled, NotAllowedHere, OwnRecord, ReasonMissing.
    """
    settled = (
        SettledFee.objects.select_for_update(of=("self",))
        .select_related("center", "enrollment__person", "credential__holder")
        .get(pk=settled_fee_id)
    )
    if not may(by, Act.WAIVE_FEES if settled.is_waiver else Act.RECORD_FEES, on=settled):
        raise NotAllowedHere(center=settled.center)
    if is_own(by, settled.holder_id):
        raise OwnRecord
    if settled.used_at:
        raise FeeIsUsed
    if settled.canceled_at:
        raise FeeWasCanceled
    if not reason.strip():
        raise ReasonMissing
    settled.canceled_by, settled.canceled_at, settled.cancel_reason = by, timezone.now(), reason.strip()
    settled.save(update_fields=["canceled_by", "canceled_at", "cancel_reason"])
    data = {
        "receipt": settled.number,
        "amount": f"{settled.amount:.2f}",
        "reason": settled.cancel_reason,
        "person": settled.holder_id,
    }
    log(settled, "certificates.fee.cancel", user=by, data=data)
    return settled


# --- For what is issued ------------------------------------------------------------------------------------------


def locked_fees(rows: Collection[ProposalRow], *, day: dt.date, by: User) -> dict[int, SettledFee | None]:
    """What settled the fee of each row, locked, by the key of the row; None where nothing is due. Rows that wait are left out.

    Raises RecordedItsFee where `by`, who decides, recorded or waived one.
    """
    found = list(with_fees(ProposalRow.objects.filter(pk__in=[row.pk for row in rows]), day=day))
    settled = (
        SettledFee.objects.select_for_update(of=("self",))
        .filter(pk__in=[row.settled for row in found if row.settled], canceled_at__isnull=True)
        .order_by("pk")
        .in_bulk()
    )
    recorded = _recorded_by_hand_of(by, settled.values())
    own = {row.pk for row in found if row.settled in recorded}
    if own:
        raise RecordedItsFee(people=format_list(row.person for row in rows if row.pk in own))
    return {row.pk: settled.get(row.settled) for row in found if row.fee == 0 or settled.get(row.settled)}


def _recorded_by_hand_of(by: User, fees: Collection[SettledFee]) -> set[int]:
    """The keys of those that `by`, or one who counts as `by`, recorded or waived. Three queries, none for no fees."""
    if not fees:
        return set()
    hands, recorders = hands_of(by), {fee.by_id for fee in fees}
    lenders = [lenders_of(recorders, act) for act in (Act.RECORD_FEES, Act.WAIVE_FEES)]
    own = {
        login
        for login in recorders
        if not hands.isdisjoint({login}.union(*(found.get(login, ()) for found in lenders)))
    }
    return {fee.pk for fee in fees if fee.by_id in own}


def locked_copy_fee(credential: Credential, *, by: User) -> SettledFee | None:
    """What settled the fee of the next copy, locked; None where nothing is due. Raises CopyFeeNotReceived, RecordedItsFee."""
    settled = (
        SettledFee.objects.unused()
        .select_for_update(of=("self",))
        .filter(credential=credential, due_for=FeeFor.COPY)
        .first()
    )
    due = copy_fee_due(credential, day=timezone.localdate())
    if settled is None and due:
        raise CopyFeeNotReceived(amount=format_pounds(due))
    if settled and _recorded_by_hand_of(by, [settled]):
        raise RecordedItsFee(people=credential.holder)
    return settled


def use_fees(settled: Collection[SettledFee]) -> None:
    """Mark what a certificate or copy is being issued on. Before it is written: a trigger asks for it."""
    if settled:
        SettledFee.objects.filter(pk__in=[one.pk for one in settled]).update(used_at=timezone.now())


def fee_settled_by(settled: SettledFee | None) -> dict[str, Any]:
    """The columns of what is issued. What was paid or waived counts: the fee may have changed since."""
    return {"settled_fee": settled, "fee": settled.amount if settled else 0}


# --- Parts -------------------------------------------------------------------------------------------------------


def _locked_proposal(proposal_id: int, *, by: User, act: Act) -> Proposal:
    """The lock keeps two clerks, and a clerk and the decision, apart."""
    proposals = Proposal.objects.select_for_update(of=("self",)).select_related("center", "type")
    proposal = proposals.get(pk=proposal_id)
    if not may(by, act, on=proposal):
        raise NotAllowedHere(center=proposal.center)
    return proposal


def _locked_credential(credential_id: int, *, by: User, act: Act) -> Credential:
    locked = Credential.objects.select_for_update(of=("self",)).select_related("center", "type", "holder")
    credential = locked.get(pk=credential_id)
    if not may(by, act, on=credential):
        raise NotAllowedHere(center=credential.center)
    return credential


def _check_day(paid_on: dt.date) -> None:
    if paid_on > timezone.localdate():
        raise PaidLater


def _waiting(proposal: Proposal, row_ids: Collection[int]) -> dict[int, ProposalRow]:
    rows = unpaid_rows().filter(proposal=proposal, pk__in=row_ids)
    return rows.select_related("person", "proposal__center").in_bulk()


def _from_receipt(
    receipt: Receipt,
    waiting: Mapping[int, ProposalRow],
    fees: FeesOnDay,
    *,
    means: FeeMeans,
    paid_on: dt.date,
    by: User,
) -> SettledFee:
    row = waiting.get(receipt.row_id)
    if row is None:
        raise NoFeeDue
    if is_own(by, row.person_id):
        raise OwnRecord
    due = fees.of(row)
    if not due:
        raise NoFeeDue
    if receipt.amount != due:
        raise WrongAmount(due=format_pounds(due))
    settled = _settled(row, receipt.amount, means, paid_on, by=by)
    settled.number = read_number(receipt.number)
    settled.number_key = key_of_number(settled.number)
    return settled


def _settled(row: ProposalRow, amount: Decimal, means: FeeMeans, paid_on: dt.date, *, by: User) -> SettledFee:
    old = row.renews_id or row.prerequisite_id
    return SettledFee(
        center=row.proposal.center,
        type_id=row.type_id,
        due_for=due_for(row),
        enrollment_id=None if old else row.enrollment_id,
        credential_id=old,
        means=means,
        amount=amount,
        paid_on=paid_on,
        by=by,
    )


def _of_copy(
    credential: Credential, amount: Decimal, means: FeeMeans, paid_on: dt.date, *, by: User
) -> SettledFee:
    if is_own(by, credential.holder_id):
        raise OwnRecord
    return SettledFee(
        center=credential.center,
        type=credential.type,
        due_for=FeeFor.COPY,
        credential=credential,
        means=means,
        amount=amount,
        paid_on=paid_on,
        by=by,
    )


def _copy_fee_due(credential: Credential, day: dt.date) -> Decimal:
    due = copy_fee_due(credential, day=day)
    if not due or not credential.is_live or open_copy_fee(credential):
        raise NoFeeDue
    return due


def _waived(waiver: SettledFee, reason: str, *, holder_id: int) -> SettledFee:
    if is_own(waiver.by, holder_id):
        raise OwnRecord
    if not reason.strip():
        raise ReasonMissing
    waiver.reason = reason.strip()
    return _saved([waiver], holders=[holder_id])[0]


def _counted_before(receipts: Mapping[int, SettledFee]) -> dict[int, DomainError]:
    """The error of each receipt whose number was recorded before, or is there twice."""
    faults: dict[int, DomainError] = {}
    typed: set[str] = set()
    recorded = SettledFee.objects.filter(
        number_key__in=[one.number_key for one in receipts.values()], canceled_at__isnull=True
    )
    taken = set(recorded.values_list("means", "center", "number_key"))
    for key, one in receipts.items():
        same = {
            number
            for means, center, number in taken
            if means == one.means and (center == one.center_id or means == FeeMeans.ELECTRONIC)
        }
        if one.number_key in typed | same:
            faults[key] = ReceiptCountedBefore(number=one.number)
        typed.add(one.number_key)
    return faults


def _saved(settled: Sequence[SettledFee], *, holders: Sequence[int]) -> list[SettledFee]:
    """Save them, each with the key of whose certificate it is for."""
    try:
        with transaction.atomic():
            saved = SettledFee.objects.bulk_create(settled)
    except IntegrityError as taken:
        # Another desk recorded it at the same moment.
        raise ReceiptCountedBefore(number=format_list(one.number for one in settled)) from taken
    for one, holder in zip(saved, holders, strict=True):
        _log_settled(one, holder)
    return saved


def _log_settled(settled: SettledFee, holder: int) -> None:
    amount = f"{settled.amount:.2f}"
    if settled.is_waiver:
        log(
            settled,
            "certificates.fee.waive",
            user=settled.by,
            data={
                "amount": amount,
                "due_for": settled.due_for,
                "reason": settled.reason,
                "person": holder,
            },
        )
        return
    log(
        settled,
        "certificates.fee.record",
        user=settled.by,
        data={
            "amount": amount,
            "due_for": settled.due_for,
            "means": settled.means,
            "receipt": settled.number,
            "paid_on": settled.paid_on.isoformat(),
            "person": holder,
        },
    )
