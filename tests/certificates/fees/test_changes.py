"""Fees that change while people wait: who sets one is warned, and who was told another amount is told again."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import MembershipScope, NoticeState, RoleName
from accounts.models import Center, SiteNotice, User
from certificates.enums import FeeFor
from certificates.models import Fee, FeeNotice, Proposal
from certificates.services.fees import waive_fee
from certificates.services.withdrawing import withdraw_proposal
from certificates.tasks import send_notices
from courses.models import SkillLevel
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.certificate_fees import fee_since_last_month, paid
from tests.factories.certificates import approved, credential_type, proposed
from tests.factories.courses import CohortFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ministry() -> User:
    return MembershipFactory(role=RoleName.MINISTRY_OFFICER, scope=MembershipScope.MINISTRY, center=None).user


@pytest.fixture
def proposal(center: Center) -> Proposal:
    """Two people who wait, with nothing due yet."""
    proposal = proposed(CohortFactory(center=center), people=2)
    for row in proposal.rows.select_related("person"):
        UserFactory(person=row.person)
    return proposal


def typed(**changed: object) -> dict[str, object]:
    """What the form of a new fee posts."""
    today = timezone.localdate().isoformat()
    new = {
        "type": credential_type().pk,
        "due_for": FeeFor.ISSUE,
        "level": "",
        "amount": "150",
        "since": today,
    }
    return new | changed


def box_in(page: str) -> str:
    """The value of the box that asks for a confirmation; "" where there is none."""
    _before, _mark, after = page.partition('type="checkbox" name="confirmed" value="')
    return after.partition('"')[0]


def set_today(amount: int) -> None:
    """The fee of today, in place of that which was set before."""
    Fee.objects.update_or_create(
        type=credential_type(), due_for=FeeFor.ISSUE, since=timezone.localdate(), defaults={"amount": amount}
    )


def told() -> list[str]:
    """The bodies of all notices on the site, the oldest first."""
    return list(SiteNotice.objects.order_by("pk").values_list("body", flat=True))


# --- Before it is saved ------------------------------------------------------------------------------------------


def test_a_fee_that_people_who_wait_will_be_asked_for_is_saved_once_its_number_is_confirmed(
    client: Client, proposal: Proposal, ministry: User
):
    client.force_login(ministry)

    asked = client.post(reverse("fees:add"), typed())
    without = client.post(reverse("fees:add"), typed(confirmed=""))
    of_another = client.post(reverse("fees:add"), typed(confirmed=box_in(asked.text), amount="1500"))
    saved_before = Fee.objects.exists()
    client.post(reverse("fees:add"), typed(confirmed=box_in(asked.text)))

    assert ["شخصان" in page.text and bool(box_in(page.text)) for page in (asked, without, of_another)] == [
        True
    ] * 3
    assert not saved_before
    assert not asked.context["form"].errors
    assert [message.level_tag for message in asked.context["messages"]] == ["warning"]
    assert Fee.objects.get().amount == 150


def test_more_people_than_were_confirmed_are_asked_about_again(
    client: Client, proposal: Proposal, ministry: User
):
    client.force_login(ministry)
    asked = client.post(reverse("fees:add"), typed())
    proposed(CohortFactory())

    again = client.post(reverse("fees:add"), typed(confirmed=box_in(asked.text)))

    assert box_in(again.text) not in {"", box_in(asked.text)}
    assert not Fee.objects.exists()


def test_who_paid_has_another_level_or_owes_the_same_is_not_counted(
    client: Client, proposal: Proposal, ministry: User
):
    fee_since_last_month()
    paid(proposal, "1", "2")
    waiting = proposed(CohortFactory(center=proposal.center))
    level = waiting.rows.get().claims["level"]
    other = SkillLevel.objects.exclude(pk=level)[0]
    client.force_login(ministry)

    other_level = client.post(reverse("fees:add"), typed(level=other.pk))
    renewal = client.post(reverse("fees:add"), typed(due_for=FeeFor.RENEWAL))
    same_amount = client.post(reverse("fees:add"), typed(amount="120"))
    of_its_level = client.post(reverse("fees:add"), typed(level=level))

    assert [page.status_code for page in (other_level, renewal, same_amount)] == [302] * 3
    assert "شخص واحد" in of_its_level.text


def test_a_correction_of_a_fee_warns_too_and_asks_as_often_for_three_as_for_one(
    client: Client, proposal: Proposal, ministry: User
):
    set_today(150)
    fee = Fee.objects.get()
    page, new = reverse("fees:edit", args=[fee.pk]), {"amount": "15", "since": fee.since}
    client.force_login(ministry)

    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert box_in(client.post(page, new).text)
        return len(queries)

    statements()
    few = statements()
    proposed(CohortFactory(), people=3)
    more = statements()
    client.post(page, new | {"confirmed": box_in(client.post(page, new).text)})

    fee.refresh_from_db()
    assert (fee.amount, few) == (15, more)


# --- Afterwards --------------------------------------------------------------------------------------------------


def test_who_was_told_of_a_fee_is_told_once_of_another_amount_and_once_that_nothing_is_due(
    proposal: Proposal,
):
    set_today(120)
    send_notices()
    set_today(150)
    send_notices()
    send_notices()
    set_today(0)
    send_notices()
    send_notices()

    bodies = told()
    assert ["١٢٠" in body for body in bodies] == [True] * 2 + [False] * 4
    assert ["١٥٠" in body and "أصبح" in body for body in bodies] == [False] * 2 + [True] * 2 + [False] * 2
    assert ["لم يعد" in body for body in bodies] == [False] * 4 + [True] * 2
    assert list(FeeNotice.objects.values_list("amount", flat=True)) == [120, 120, 150, 150, 0, 0]


def test_a_fee_that_comes_back_is_told_again(proposal: Proposal):
    for amount in (120, 0, 120):
        set_today(amount)
        send_notices()

    assert ["١٢٠" in body for body in told()] == [True] * 2 + [False] * 2 + [True] * 2


def test_who_paid_was_waived_was_decided_about_or_was_never_told_reads_nothing_more(
    proposal: Proposal, ministry: User
):
    fee_since_last_month()
    decided = proposed(CohortFactory(center=proposal.center))
    withdrawn = proposed(CohortFactory(center=proposal.center))
    send_notices()
    paid(proposal, "1")
    waive_fee(row_id=proposal.rows.order_by("pk")[1].pk, reason="قرار", by=ministry)
    paid(decided, "2")
    approved(decided)
    withdraw_proposal(proposal_id=withdrawn.pk, reason="خطأ", by=withdrawn.proposed_by)
    proposed(CohortFactory(center=proposal.center))
    before = FeeNotice.objects.count()

    set_today(0)
    send_notices()

    assert FeeNotice.objects.count() == before


def test_what_was_not_sent_yet_says_what_is_due_by_then(proposal: Proposal):
    set_today(120)
    later = timezone.now() + dt.timedelta(hours=1)
    send_notices()
    FeeNotice.objects.update(state=NoticeState.WAITING, due_at=later)
    SiteNotice.objects.all().delete()
    set_today(150)

    send_notices()
    FeeNotice.objects.filter(due_at=later).update(due_at=timezone.now())
    send_notices()

    assert ["١٥٠" in body for body in told()] == [True] * 2
    states = FeeNotice.objects.order_by("number").values_list("number", "state")
    assert [state for number, state in states if number == 1] == [NoticeState.DROPPED] * 2
