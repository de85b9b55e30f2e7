"""Proposing certificates for chosen people from the workspace of their cohort."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import RoleName
from certificates.enums import RowState
from certificates.models import Proposal
from courses.enums import CohortState
from courses.models import Cohort, Enrollment
from tests.factories.accounts import CenterFactory, staff_member
from tests.factories.certificates import CertificateTemplateFactory, completed_enrollment, credential_type
from tests.factories.courses import CohortFactory, EnrollmentFactory


@pytest.fixture
def cohort(db: None) -> Cohort:
    return CohortFactory(state=CohortState.CLOSED)


def address(cohort: Cohort, chosen: list[Enrollment]) -> str:
    type_ = credential_type(completed=True)
    template = CertificateTemplateFactory()
    keys = "&".join(f"chosen={one.pk}" for one in chosen)
    return f"{reverse('propose_many', args=[cohort.pk])}?{keys}&type={type_.pk}&template={template.pk}"


def test_those_who_may_be_are_proposed_and_no_one_else(client: Client, cohort: Cohort):
    ready, _unchosen = completed_enrollment(cohort), completed_enrollment(cohort)
    learning = EnrollmentFactory(cohort=cohort)
    client.force_login(staff_member(RoleName.CENTER_MANAGER, cohort.center))
    url = address(cohort, [ready, learning])

    preview = client.get(url)
    [seen] = re.findall(r'name="seen" value="([^"]*)"', preview.content.decode())
    answer = client.post(url, {"seen": seen})

    proposal = Proposal.objects.get()
    assert [row for row, _name in preview.context["concerned"]] == [ready]
    assert [row for row, _name, _why in preview.context["refused"]] == [learning]
    assert list(proposal.rows.values_list("enrollment", "state")) == [(ready.pk, RowState.ELIGIBLE)]
    assert answer.url == reverse("proposals:inspect", args=[proposal.pk])


def test_a_pending_proposal_of_the_cohort_is_said_before_anybody_confirms(client: Client, cohort: Cohort):
    ready = completed_enrollment(cohort)
    client.force_login(staff_member(RoleName.CENTER_MANAGER, cohort.center))
    url = address(cohort, [ready])
    client.post(
        url, {"seen": re.findall(r'name="seen" value="([^"]*)"', client.get(url).content.decode())[0]}
    )

    again = client.get(url)

    assert again.context["concerned"] == []
    assert len(again.context["refused"]) == 1


def test_outsiders_of_the_center_find_no_page(client: Client, cohort: Cohort):
    client.force_login(staff_member(RoleName.CENTER_MANAGER, CenterFactory()))

    assert client.get(reverse("propose_many", args=[cohort.pk])).status_code == 404
