"""The pages on which fees are recorded, and what a trainee reads about a fee that is due."""

import csv
import datetime as dt
import io
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from accounts.digits import latin_digits
from accounts.enums import MembershipScope, RoleName
from accounts.models import AuditEntry, Center, User
from accounts.services.formatting import format_pounds
from certificates.enums import FeeFor
from certificates.errors import FeeHasBegun, NotForYou
from certificates.models import Fee, Proposal, SettledFee
from certificates.services.fee_table import change_fee, set_fee
from tests.factories.accounts import MembershipFactory, TraineeFactory, staff_member
from tests.factories.certificate_fees import AMOUNT, fee_since_last_month, paid, proposed_with_fee
from tests.factories.certificates import completed_enrollment, credential_type, issued, proposed, proposed_for
from tests.factories.courses import CohortFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def registrar(center: Center) -> User:
    return staff_member(RoleName.REGISTRAR, center)


@pytest.fixture
def proposal(center: Center) -> Proposal:
    fee_since_last_month()
    return proposed(CohortFactory(center=center), people=3)


def typed(proposal: Proposal, *numbers: str) -> dict[str, str]:
    """What the form posts for the rows of a proposal."""
    fields = {"means": "cash_desk", "paid_on": timezone.localdate().isoformat()}
    for row, number in zip(proposal.rows.order_by("pk"), numbers, strict=False):
        fields |= {f"number_{row.pk}": number, f"amount_{row.pk}": "120"}
    return fields


def test_receipts_of_a_proposal_are_typed_on_one_page_and_empty_lines_wait(
    client: Client, proposal: Proposal, registrar: User
):
    client.force_login(registrar)
    page = reverse("proposals:fees", args=[proposal.pk])

    answer = client.post(page, typed(proposal, "11", "12", ""), follow=True)

    assert answer.redirect_chain[0][0] == page
    assert list(SettledFee.objects.order_by("pk").values_list("number", flat=True)) == ["11", "12"]
    last = proposal.rows.order_by("pk")[2]
    assert [line.row for line in answer.context["lines"]] == [last]


def test_a_wrong_line_is_named_and_nothing_that_was_typed_is_lost(
    client: Client, proposal: Proposal, registrar: User
):
    client.force_login(registrar)

    answer = client.post(reverse("proposals:fees", args=[proposal.pk]), typed(proposal, "11", "11", "13"))

    assert not SettledFee.objects.exists()
    wrong = [bool(line.number.errors) for line in answer.context["lines"]]
    assert sorted(wrong) == [False, False, True]
    assert {line.number.value() for line in answer.context["lines"]} == {"11", "13"}


def test_a_line_that_a_colleague_settled_meanwhile_is_not_dropped_in_silence(
    client: Client, proposal: Proposal, registrar: User
):
    fields = typed(proposal, "11", "12", "13")
    paid(proposal, "99")
    client.force_login(registrar)

    answer = client.post(reverse("proposals:fees", args=[proposal.pk]), fields)

    assert answer.context["form"].non_field_errors()
    assert SettledFee.objects.count() == 1


def test_the_page_asks_as_often_for_three_people_as_for_one(client: Client, center: Center, registrar: User):
    one, three = proposed_with_fee(center), proposed(CohortFactory(center=center), people=3)
    client.force_login(registrar)

    def asked(proposal: Proposal, name: str) -> int:
        client.get(reverse(name, args=[proposal.pk]))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(name, args=[proposal.pk]))
        return len(queries)

    assert asked(one, "proposals:fees") == asked(three, "proposals:fees")
    assert asked(one, "proposals:inspect") == asked(three, "proposals:inspect")


def test_a_trainee_reads_what_is_due_and_where_until_it_is_paid(client: Client, center: Center):
    fee_since_last_month()
    cohort = CohortFactory(center=center)
    enrollment = completed_enrollment(cohort)
    proposal = proposed_for(cohort)
    client.force_login(TraineeFactory(person=enrollment.person))

    before = client.get(reverse("certificates:mine")).text
    paid(proposal, "11")
    after = client.get(reverse("certificates:mine")).text

    assert str(center) in before
    assert "١٢٠" in before
    assert "١٢٠" not in after


def test_the_page_of_a_certificate_leads_to_the_receipt_of_its_next_copy(
    client: Client, center: Center, registrar: User
):
    credential = issued(CohortFactory(center=center))
    fee_since_last_month(credential.type, FeeFor.COPY)
    client.force_login(registrar)
    page = reverse("credentials:copy_fee", args=[credential.pk])

    assert page in client.get(reverse("credentials:inspect", args=[credential.pk])).text
    client.post(page, typed(proposed_with_fee(center)) | {"number": "5", "amount": "120"})

    assert SettledFee.objects.get().number == "5"
    assert page not in client.get(reverse("credentials:inspect", args=[credential.pk])).text


def test_what_was_due_on_a_day_stays_and_a_mistyped_fee_is_corrected_before_it_is_paid(client: Client):
    ministry = MembershipFactory(
        role=RoleName.MINISTRY_OFFICER, scope=MembershipScope.MINISTRY, center=None
    ).user
    client.force_login(ministry)
    began = fee_since_last_month()
    today = timezone.localdate()
    new = {"type": began.type_id, "due_for": FeeFor.ISSUE, "level": "", "amount": "150", "since": today}

    earlier = client.post(reverse("fees:add"), new | {"since": today - dt.timedelta(days=1)})
    refused = client.post(reverse("fees:edit", args=[began.pk]), {"amount": "70", "since": began.since})
    client.post(reverse("fees:add"), new)
    mistyped = Fee.objects.get(since=today)
    client.post(reverse("fees:edit", args=[mistyped.pk]), {"amount": "15", "since": today})

    assert (earlier.status_code, refused.status_code) == (200, 200)
    assert list(Fee.objects.order_by("since").values_list("amount", flat=True)) == [AMOUNT, Decimal(15)]
    corrected = AuditEntry.objects.order_by("-pk")[0]
    assert corrected.action == "certificates.fee.change"
    assert corrected.log_entry.data["amount_before"] == "150.00"


def test_a_fee_that_was_due_already_gets_no_other_amount_from_today_on():
    began = fee_since_last_month()
    ministry = staff_member(RoleName.MINISTRY_OFFICER)

    with pytest.raises(FeeHasBegun):
        change_fee(fee_id=began.pk, amount=Decimal(70), since=timezone.localdate(), by=ministry)

    assert list(Fee.objects.values_list("amount", "since")) == [(AMOUNT, began.since)]


def test_fees_are_written_by_the_ministry(registrar: User):
    began = fee_since_last_month()
    today = timezone.localdate()

    with pytest.raises(NotForYou):
        set_fee(type_=began.type, due_for=FeeFor.COPY, level=None, amount=AMOUNT, since=today, by=registrar)
    with pytest.raises(NotForYou):
        change_fee(fee_id=began.pk, amount=Decimal(70), since=today, by=registrar)


def test_a_fee_that_is_saved_unchanged_leaves_no_trace_and_its_history_has_the_amounts(client: Client):
    client.force_login(staff_member(RoleName.MINISTRY_OFFICER))
    today = timezone.localdate()
    new = {
        "type": credential_type().pk,
        "due_for": FeeFor.ISSUE,
        "level": "",
        "amount": "150",
        "since": today,
    }
    client.post(reverse("fees:add"), new)
    fee = Fee.objects.get()
    page = reverse("fees:edit", args=[fee.pk])

    client.post(page, {"amount": "150", "since": today})
    unchanged = ModelLogEntry.objects.filter(action="certificates.fee.change").count()
    client.post(page, {"amount": "15", "since": today})
    history = BeautifulSoup(client.get(reverse("fees:history", args=[fee.pk])).text, "html.parser").main

    assert unchanged == 0
    amounts = [latin_digits(format_pounds(Decimal(amount))) for amount in (15, 150)]
    assert [amount for amount in amounts if amount not in latin_digits(history.text)] == []


def test_the_file_of_receipts_has_the_number_alone_in_a_cell(client: Client, center: Center):
    paid(proposed_with_fee(center), "47/11")
    client.force_login(staff_member(RoleName.REGISTRAR, center))

    taken = client.get(reverse("settled_fees:index"), {"export": "csv"})
    line = list(csv.reader(io.StringIO(taken.getvalue().decode("utf-8-sig"))))[1]

    assert line[:2] == ["سُدِّد في الخزينة", "47/11"]
    assert {str(center), "120.00"} <= set(line)


def test_amounts_are_written_the_same_on_every_page(client: Client, center: Center):
    (settled,) = paid(proposed_with_fee(center), "47/11")
    client.force_login(staff_member(RoleName.MINISTRY_OFFICER))

    pages = [
        client.get(reverse(name, args=arguments)).text
        for name, *arguments in (
            ("settled_fees:index",),
            ("settled_fees:inspect", settled.pk),
            ("fees:index",),
            ("fees:inspect", Fee.objects.get().pk),
        )
    ]

    assert ["120 جنيهًا" in page and "120.00" not in page for page in pages] == [True] * 4
    assert str(Fee.objects.get()).endswith("جنيهًا")


def test_a_waiver_is_made_and_taken_back_by_the_ministry_alone(client: Client, proposal: Proposal):
    ministry = MembershipFactory(
        role=RoleName.MINISTRY_OFFICER, scope=MembershipScope.MINISTRY, center=None
    ).user
    row = proposal.rows.order_by("pk")[0]
    client.force_login(ministry)

    client.post(reverse("proposals:waive_fees", args=[proposal.pk]), {"row": row.pk, "reason": "قرار"})
    waiver = SettledFee.objects.get()
    refused = client.post(reverse("settled_fees:cancel", args=[waiver.pk]), {"reason": "خطأ"})
    client.post(reverse("settled_fees:cancel_waiver", args=[waiver.pk]), {"reason": "خطأ"})

    waiver.refresh_from_db()
    assert refused.status_code == 404
    assert waiver.cancel_reason == "خطأ"
