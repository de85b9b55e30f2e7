"""Fees before certificates: nothing is issued, renewed or copied before its fee was paid or waived."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import MembershipScope, RoleName
from accounts.models import Center, SiteNotice, User
from certificates import errors
from certificates.enums import FeeFor, FeeMeans, Reason, RowState
from certificates.models import Credential, Fee, FeeNotice, Proposal, SettledFee
from certificates.queries.fees import fees_of_person, unpaid_proposals
from certificates.services.deciding import approve
from certificates.services.fees import (
    Receipt,
    cancel_settled_fee,
    key_of_number,
    record_copy_receipt,
    record_receipts,
    waive_copy_fee,
    waive_fee,
)
from certificates.services.proposing import propose_renewal
from certificates.services.statuses import issue_copy
from certificates.tasks import send_notices
from certificates.work import ProposalsReturned
from tests.factories.accounts import MembershipFactory, UserFactory, staff_member
from tests.factories.certificate_fees import AMOUNT, fee_since_last_month, paid
from tests.factories.certificates import (
    CertificateTemplateFactory,
    approved,
    issued,
    moved,
    proposed,
    proposed_for,
)
from tests.factories.courses import CohortFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def registrar(center: Center) -> User:
    return staff_member(RoleName.REGISTRAR, center)


@pytest.fixture
def officer(center: Center) -> User:
    return staff_member(RoleName.CERTIFYING_OFFICER, center)


@pytest.fixture
def ministry() -> User:
    return MembershipFactory(role=RoleName.MINISTRY_OFFICER, scope=MembershipScope.MINISTRY, center=None).user


@pytest.fixture
def proposal(center: Center) -> Proposal:
    """Two people, for each of whom a fee is due."""
    fee_since_last_month()
    return proposed(CohortFactory(center=center), people=2)


def receipt(proposal: Proposal, number: str = "4711", amount: Decimal = AMOUNT) -> Receipt:
    row = proposal.rows.order_by("pk").first()
    assert row is not None
    return Receipt(row.pk, number, amount)


def record(proposal: Proposal, *receipts: Receipt, by: User, **given: object) -> list[SettledFee]:
    how = {"means": FeeMeans.CASH_DESK, "paid_on": timezone.localdate()} | given
    return record_receipts(proposal_id=proposal.pk, receipts=receipts, by=by, **how)


def fault_of(proposal: Proposal, one: Receipt, *, by: User, **given: object) -> type[Exception]:
    with pytest.raises(errors.ReceiptsRefused) as refused:
        record(proposal, one, by=by, **given)
    return type(refused.value.faults[one.row_id])


def test_only_who_paid_is_certified_and_the_receipt_counts_when_the_others_are_proposed_again(
    proposal: Proposal, registrar: User, center: Center
):
    first, second = proposal.rows.order_by("pk")
    record(proposal, receipt(proposal), by=registrar)

    (credential,) = approved(proposal)
    second.refresh_from_db()
    told = list(fees_of_person(second.person_id))
    paid(proposal, "4712", by=registrar)
    manager = staff_member(RoleName.CENTER_MANAGER, center)
    to_propose_again = list(ProposalsReturned().rows(manager))
    (later,) = approved(proposed_for(proposal.cohort))

    assert (credential.holder_id, credential.fee, credential.settled_fee.number) == (
        first.person_id,
        AMOUNT,
        "4711",
    )
    assert (second.state, [row.fee for row in told]) == (RowState.UNPAID, [AMOUNT])
    assert to_propose_again == [proposal]
    assert (later.holder_id, later.settled_fee.number) == (second.person_id, "4712")
    assert not unpaid_proposals().exists()


def test_the_decided_proposal_still_says_what_was_paid(
    client: Client, proposal: Proposal, registrar: User, officer: User
):
    record(proposal, receipt(proposal), by=registrar)
    approved(proposal)
    client.force_login(officer)

    page = client.get(reverse("proposals:inspect", args=[proposal.pk])).text

    assert "4711" in page
    assert "من لم يسدد يُعاد" not in page


def test_who_has_to_pay_is_told_once_how_much_and_where(proposal: Proposal, registrar: User):
    second = proposal.rows.order_by("pk")[1]
    UserFactory(person=second.person)
    record(proposal, receipt(proposal), by=registrar)

    send_notices()
    approved(proposal)
    send_notices()

    (told,) = SiteNotice.objects.filter(person=second.person)
    assert "١٢٠ جنيهًا" in told.body
    assert str(proposal.center) in told.body
    assert [notice.row for notice in FeeNotice.objects.all()] == [second]


def test_where_no_one_paid_nothing_is_issued_and_the_proposal_waits(proposal: Proposal):
    with pytest.raises(errors.FeesNotReceived):
        approved(proposal)

    proposal.refresh_from_db()
    assert proposal.state == "proposed"
    assert not Credential.objects.exists()


def test_a_fee_of_nothing_changes_nothing(center: Center):
    fee_since_last_month(amount=Decimal(0))
    proposal = proposed(CohortFactory(center=center), people=2)

    assert [one.settled_fee for one in approved(proposal)] == [None, None]
    assert not unpaid_proposals().exists()


def test_a_receipt_is_of_the_whole_fee_of_its_day(proposal: Proposal, registrar: User):
    today = timezone.localdate()
    Fee.objects.create(type=proposal.type, due_for=FeeFor.ISSUE, amount=150, since=today)
    yesterday = today - dt.timedelta(days=1)

    assert fault_of(proposal, receipt(proposal), by=registrar) is errors.WrongAmount
    assert fault_of(proposal, receipt(proposal, amount=Decimal(60)), by=registrar) is errors.WrongAmount
    before = today - dt.timedelta(days=90)
    assert fault_of(proposal, receipt(proposal), by=registrar, paid_on=before) is errors.NoFeeDue
    with pytest.raises(errors.PaidLater):
        record(proposal, receipt(proposal), by=registrar, paid_on=today + dt.timedelta(days=1))
    record(proposal, receipt(proposal), by=registrar, paid_on=yesterday)

    assert [one.fee for one in approved(proposal)] == [AMOUNT]


def test_a_number_counts_once_at_a_desk_however_it_is_spelled_and_an_electronic_one_everywhere(
    proposal: Proposal, registrar: User
):
    record(proposal, receipt(proposal, "A-0047/11"), by=registrar)
    elsewhere = proposed(CohortFactory())
    there = staff_member(RoleName.REGISTRAR, elsewhere.center)
    second = proposal.rows.order_by("pk")[1]
    again = Receipt(second.pk, "a ٤٧ ١١", AMOUNT)

    assert fault_of(proposal, again, by=registrar) is errors.ReceiptCountedBefore
    record(elsewhere, receipt(elsewhere, "A-47-11"), by=there)
    electronic = {"means": FeeMeans.ELECTRONIC}
    record(proposal, Receipt(second.pk, "991", AMOUNT), by=registrar, **electronic)
    third = proposed(CohortFactory(center=elsewhere.center))
    assert fault_of(third, receipt(third, "991"), by=there, **electronic) is errors.ReceiptCountedBefore
    assert fault_of(third, receipt(third, "='x'"), by=there) is errors.ReceiptUnreadable


def test_a_list_with_a_fault_records_nothing(proposal: Proposal, registrar: User):
    first, second = proposal.rows.order_by("pk")

    with pytest.raises(errors.ReceiptsRefused) as refused:
        record(proposal, Receipt(first.pk, "1", AMOUNT), Receipt(second.pk, "01", AMOUNT), by=registrar)

    assert list(refused.value.faults) == [second.pk]
    assert not SettledFee.objects.exists()


def test_a_receipt_is_canceled_with_a_reason_until_something_is_issued_on_it(
    proposal: Proposal, registrar: User
):
    (wrong,) = record(proposal, receipt(proposal), by=registrar)

    with pytest.raises(errors.ReasonMissing):
        cancel_settled_fee(settled_fee_id=wrong.pk, reason=" ", by=registrar)
    cancel_settled_fee(settled_fee_id=wrong.pk, reason="رقم مكتوب خطأ", by=registrar)
    (right,) = record(proposal, receipt(proposal), by=registrar)
    approved(proposal)

    with pytest.raises(errors.FeeWasCanceled):
        cancel_settled_fee(settled_fee_id=wrong.pk, reason="مرة أخرى", by=registrar)
    with pytest.raises(errors.FeeIsUsed):
        cancel_settled_fee(settled_fee_id=right.pk, reason="رد المبلغ", by=registrar)
    with pytest.raises(DatabaseError, match="only used or canceled once"), connection.cursor() as cursor:
        cursor.execute("UPDATE certificates_settledfee SET used_at = NULL WHERE used_at IS NOT NULL")


def test_who_recorded_or_waived_a_fee_does_not_decide_about_it(proposal: Proposal, officer: User):
    MembershipFactory(user=officer, role=RoleName.REGISTRAR, center=proposal.center)
    record(proposal, receipt(proposal), by=officer)

    with pytest.raises(errors.RecordedItsFee):
        approve(proposal_id=proposal.pk, by=officer, confirmed_at=timezone.now())
    assert len(approved(proposal)) == 1


def test_a_waiver_has_a_reason_and_is_of_the_ministry(proposal: Proposal, registrar: User, ministry: User):
    row = proposal.rows.order_by("pk").first()
    assert row is not None

    with pytest.raises(errors.NotAllowedHere):
        waive_fee(row_id=row.pk, reason="معفى", by=registrar)
    with pytest.raises(errors.NotAllowedHere):
        record(proposal, receipt(proposal), by=ministry)
    with pytest.raises(errors.ReasonMissing):
        waive_fee(row_id=row.pk, reason="", by=ministry)
    waiver = waive_fee(row_id=row.pk, reason="ابن شهيد: قرار ٤٤", by=ministry)
    with pytest.raises(errors.NotAllowedHere):
        cancel_settled_fee(settled_fee_id=waiver.pk, reason="لا", by=registrar)

    assert [one.settled_fee for one in approved(proposal)] == [waiver]


def test_no_one_records_or_waives_their_own_fee(proposal: Proposal, registrar: User, ministry: User):
    row = proposal.rows.order_by("pk").first()
    assert row is not None
    registrar.person = row.person
    registrar.save()

    assert fault_of(proposal, receipt(proposal), by=registrar) is errors.OwnRecord
    with pytest.raises(DatabaseError, match="no one records"):
        SettledFee.objects.create(
            center=proposal.center, type=proposal.type, due_for=FeeFor.ISSUE, enrollment=row.enrollment,
            means=FeeMeans.CASH_DESK, number="1", number_key="1", amount=AMOUNT,
            paid_on=timezone.localdate(), by=registrar,
        )  # fmt: skip


def test_another_center_records_nothing(proposal: Proposal):
    stranger = staff_member(RoleName.REGISTRAR, CohortFactory().center)

    with pytest.raises(errors.NotAllowedHere):
        record(proposal, receipt(proposal), by=stranger)


def test_a_copy_is_issued_on_a_receipt_of_its_own(
    center: Center, registrar: User, officer: User, ministry: User
):
    credential = issued(CohortFactory(center=center))
    fee_since_last_month(credential.type, FeeFor.COPY)
    given = {"credential_id": credential.pk, "means": FeeMeans.CASH_DESK, "paid_on": timezone.localdate()}

    with pytest.raises(errors.CopyFeeNotReceived):
        issue_copy(credential_id=credential.pk, reason=Reason.LOST, by=officer)
    record_copy_receipt(number="7", amount=AMOUNT, by=registrar, **given)
    with pytest.raises(errors.NoFeeDue):
        record_copy_receipt(number="8", amount=AMOUNT, by=registrar, **given)
    first = issue_copy(credential_id=credential.pk, reason=Reason.LOST, by=officer)
    with pytest.raises(errors.CopyFeeNotReceived):
        issue_copy(credential_id=credential.pk, reason=Reason.LOST, by=officer)
    waive_copy_fee(credential_id=credential.pk, reason="تلف عندنا", by=ministry)
    second = issue_copy(credential_id=credential.pk, reason=Reason.DAMAGED, by=officer)

    assert [(copy.settled_fee.number, copy.fee) for copy in (first, second)] == [("7", AMOUNT), ("", AMOUNT)]


def test_a_renewal_costs_its_own_fee(center: Center, registrar: User, manager: User):
    cohort = CohortFactory(center=center)
    old = issued(cohort)
    old.type.terms.create(months=12, renewable_days=90, since=dt.date(2020, 1, 1))
    fee_since_last_month(old.type, FeeFor.RENEWAL)
    old = moved(approved(proposed(cohort))[0], timezone.localdate() + dt.timedelta(days=30))
    proposal = propose_renewal(
        credential_ids=[old.pk], template_id=CertificateTemplateFactory().pk, by=manager
    )

    with pytest.raises(errors.FeesNotReceived):
        approved(proposal)
    (settled,) = paid(proposal, "15", by=registrar)

    assert (settled.due_for, settled.credential, settled.enrollment) == (FeeFor.RENEWAL, old, None)
    assert [one.settled_fee for one in approved(proposal)] == [settled]


def test_the_database_issues_nothing_on_the_fee_of_another_certificate(proposal: Proposal, registrar: User):
    paid(proposal, "1", "2", by=registrar)
    credentials = approved(proposal)
    columns = [field.column for field in Credential._meta.fields if not field.primary_key]
    changed = {"public_id": "gen_random_uuid()", "number": "'X'", "code": "'Y'", "enrollment_id": "NULL"}
    values = ", ".join(changed.get(column, column) for column in columns)

    with pytest.raises(DatabaseError, match="was not settled"), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO certificates_credential ({', '.join(columns)})"
            f" SELECT {values} FROM certificates_credential WHERE id = {credentials[0].pk}"
        )


@pytest.mark.parametrize(
    ("number", "key"),
    [
        ("0047 / 11", "47-11"),
        ("47-11", "47-11"),
        ("B 0", "B-0"),
        ("a0100", "A-100"),
        ("---", ""),
        ("abc", ""),
    ],
)
def test_spellings_of_a_number_have_one_key(number: str, key: str):
    assert key_of_number(number) == key
