"""A proposal of ten thousand people can be looked at and decided."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import RoleName
from accounts.models import Center
from certificates.drawing import design_digest
from certificates.enums import BlockingReason, RowState
from certificates.models import Credential, Proposal, ProposalRow
from certificates.viewsets.batches import ROWS_ON_A_PAGE
from tests.factories.accounts import MembershipFactory, PersonFactory
from tests.factories.certificates import proposed
from tests.factories.courses import CohortFactory

PASSWORD = "a long password of the officer"


@pytest.fixture
def deciding(center: Center, client: Client) -> Client:
    """A browser of an officer who has just typed the password."""
    officer = MembershipFactory(role=RoleName.CERTIFYING_OFFICER, center=center).user
    officer.set_password(PASSWORD)
    officer.save()
    client.force_login(officer)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def with_blocked(proposal: Proposal, count: int) -> None:
    """More rows, all blocked."""
    model = proposal.rows.get()
    people = PersonFactory.create_batch(count, registered_at=proposal.center)
    ProposalRow.objects.bulk_create(
        ProposalRow(
            proposal=proposal,
            type=model.type,
            person=person,
            enrollment=model.enrollment,
            state=RowState.BLOCKED,
            blocking_reasons=[{"code": BlockingReason.NOT_COMPLETED, "detail": ""}],
        )
        for person in people
    )


def sent_by_default(page: str) -> list[str]:
    """Names of the fields of the form of approval that a browser sends unchanged."""
    form = page[page.index("/approve/") : page.index("</form>", page.index("/approve/"))]
    inputs = re.findall(r"<input [^>]*>", form)
    return [one for one in inputs if 'type="checkbox"' not in one or " checked" in one]


def test_the_form_of_approval_sends_no_field_for_each_person(center: Center, deciding: Client):
    proposal = proposed(CohortFactory(center=center), people=3)

    page = deciding.get(reverse("proposals:inspect", args=[proposal.pk])).content.decode()

    assert page.count('name="left_out"') == 3
    assert len(sent_by_default(page)) <= 3


def test_everyone_gets_a_certificate_if_no_one_is_left_out(center: Center, deciding: Client):
    proposal = proposed(CohortFactory(center=center), people=3)

    deciding.post(
        reverse("proposals:approve", args=[proposal.pk]),
        {"note": "", "shown_design": design_digest(proposal.template.design())},
    )

    assert Credential.objects.count() == 3


def test_the_blocked_have_pages(center: Center, deciding: Client):
    proposal = proposed(CohortFactory(center=center))
    with_blocked(proposal, ROWS_ON_A_PAGE + 1)
    address = reverse("proposals:inspect", args=[proposal.pk])

    first = deciding.get(address)
    second = deciding.get(address, {"blocked": 2})

    assert (len(first.context["blocked"]), len(second.context["blocked"])) == (ROWS_ON_A_PAGE, 1)
    assert "?blocked=2" in first.content.decode()
