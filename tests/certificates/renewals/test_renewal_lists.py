"""The lists from which a center proposes renewals, and certificates based on others, for many people at once."""

import csv
import datetime as dt
import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import RoleName
from accounts.models import AuditEntry, Center, User
from certificates.enums import ProposalState, Source
from certificates.models import CertificateTemplate, Credential, CredentialType, Proposal
from certificates.services.deciding import reject
from certificates.services.proposing import propose_on_prerequisite, propose_renewal
from certificates.viewsets.batches import ROWS_ON_A_PAGE
from tests.certificates.batch_world import completed_cohort
from tests.certificates.prerequisites import held
from tests.factories.accounts import MembershipFactory
from tests.factories.certificates import (
    CertificateTemplateFactory,
    approved,
    moved,
    proposed_for,
)
from tests.factories.certificates_legacy import batch_in, entered

ENDING, BASES = "credentials:ending", "credentials:bases"
# The session, the login, its permissions and roles and profile, whether there is one center (and that it is chosen), the
# kind, (the rule of the kind,) how many, the list, the site and its identity, the menu, and the choices of the forms.
LIST_QUERIES = {ENDING: 17, BASES: 18}
RENEWAL_QUERIES = 29

Counted = Callable[[int], AbstractContextManager[object]]


@pytest.fixture
def template() -> CertificateTemplate:
    return CertificateTemplateFactory()


def listed(page: str, credentials: list[Credential]) -> list[Credential]:
    """Those of the certificates that a page shows, in the order of the page."""
    places = {credential: page.find(f">{credential.number}<") for credential in credentials}
    return sorted((one for one, place in places.items() if place >= 0), key=lambda one: places[one])


def address(name: str, center: Center, type_: CredentialType, **more: object) -> str:
    return reverse(name, query={"center": center.pk, "type": type_.pk, **more})


def test_certificates_that_may_be_renewed_are_listed_by_their_end(
    center: Center, other_center: Center, manager_client: Client, skill: CredentialType
):
    today = timezone.localdate()
    later, sooner, far, ended = held(center, people=4)
    (foreign,) = held(other_center)
    moved(later, today + dt.timedelta(days=40))
    moved(sooner, today)
    moved(far, today + dt.timedelta(days=91))
    moved(ended, today - dt.timedelta(days=1))
    everybody = [later, sooner, far, ended, foreign]

    coming = manager_client.get(address(ENDING, center, skill)).content.decode()
    past = manager_client.get(address(ENDING, center, skill, ended="on")).content.decode()

    assert listed(coming, everybody) == [sooner, later]
    assert listed(past, everybody) == [ended]
    assert sooner.claims["name_ar"] in coming


@pytest.mark.parametrize("name", [ENDING, BASES])
def test_a_list_is_exported_once_it_is_chosen(
    center: Center,
    other_center: Center,
    manager: User,
    manager_client: Client,
    skill: CredentialType,
    license_: CredentialType,
    name: str,
):
    later, sooner = held(center, people=2)
    held(other_center)
    moved(later, timezone.localdate() + dt.timedelta(days=40))
    moved(sooner, timezone.localdate() + dt.timedelta(days=2))
    chosen = address(name, center, skill if name == ENDING else license_)

    before = manager_client.get(reverse(name, query={"center": center.pk})).content.decode()
    page = manager_client.get(chosen).content.decode()
    file = manager_client.get(f"{chosen}&export=csv")
    data = b"".join(file.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    headings, *lines = csv.reader(io.StringIO(data))

    assert "export=csv" not in before
    assert "export=csv" in page
    assert not re.search("[A-Za-z]", "".join(headings))
    assert {line[2] for line in lines} == {later.number, sooner.number}
    assert all(len(line) == len(headings) for line in lines)
    logged = AuditEntry.objects.with_contents().get(action="accounts.list.export", by=manager)
    assert logged.log_entry is not None
    assert (logged.log_entry.data["list"], logged.log_entry.data["rows"]) == ("certificates.Credential", 2)


def test_the_list_says_from_when_a_renewal_holds(
    center: Center,
    manager: User,
    manager_client: Client,
    skill: CredentialType,
    template: CertificateTemplate,
):
    (old,) = held(center)
    page = manager_client.get(address(ENDING, center, skill)).content.decode()

    (new,) = approved(propose_renewal(credential_ids=[old.pk], template_id=template.pk, by=manager))

    assert new.valid_from == new.issued_on
    assert "تسري الشهادة الجديدة من يوم إصدارها، ويضاف إليها ما بقي من مدة القديمة." in page


def test_a_certificate_from_paper_is_not_listed_for_renewal(
    center: Center, manager_client: Client, skill: CredentialType
):
    ends = f"{timezone.localdate():%d/%m/%Y}"
    (paper,) = entered(batch_in(center, {"valid_until": ends}, type_code="skill-level"))

    page = manager_client.get(address(ENDING, center, skill)).content.decode()

    assert paper.source == Source.LEGACY
    assert listed(page, [paper]) == []


def test_who_has_one_center_and_one_kind_to_choose_sees_the_list_at_once(
    center: Center, manager_client: Client, skill: CredentialType, license_: CredentialType
):
    (credential,) = held(center)

    for name in (ENDING, BASES):
        answer = manager_client.get(reverse(name), follow=True)

        assert answer.redirect_chain == [(address(name, center, skill if name == ENDING else license_), 302)]
        assert listed(answer.content.decode(), [credential]) == [credential]


def test_the_ticked_certificates_are_proposed_for_renewal_together(
    center: Center,
    manager: User,
    manager_client: Client,
    skill: CredentialType,
    template: CertificateTemplate,
):
    first, second, left = held(center, people=3)

    answer = manager_client.post(
        address(ENDING, center, skill), {"credentials": [first.pk, second.pk], "template": template.pk}
    )

    proposal = Proposal.objects.latest("pk")
    assert answer.url == reverse("proposals:inspect", args=[proposal.pk])
    assert {row.renews for row in proposal.rows.all()} == {first, second}
    assert (proposal.proposed_by, proposal.template, proposal.state) == (
        manager,
        template,
        ProposalState.PROPOSED,
    )
    page = manager_client.get(address(ENDING, center, skill)).content.decode()
    assert page.count(answer.url) == 2
    assert [f'name="credentials" value="{one.pk}"' in page for one in (first, second, left)] == [
        False,
        False,
        True,
    ]


def test_a_renewal_that_was_sent_back_may_be_ticked_again(
    center: Center,
    manager: User,
    manager_client: Client,
    skill: CredentialType,
    template: CertificateTemplate,
):
    (credential,) = held(center)
    proposal = propose_renewal(credential_ids=[credential.pk], template_id=template.pk, by=manager)
    officer = MembershipFactory(role=RoleName.CERTIFYING_OFFICER, center=center).user
    reject(proposal_id=proposal.pk, reason="تنقصه صورة", by=officer)

    page = manager_client.get(address(ENDING, center, skill)).content.decode()

    assert f'name="credentials" value="{credential.pk}"' in page


def test_a_license_is_proposed_for_people_with_the_prerequisite_and_neither_a_license_nor_a_pending_one(
    center: Center,
    other_center: Center,
    manager: User,
    manager_client: Client,
    license_: CredentialType,
    template: CertificateTemplate,
):
    has, waits, first, second, ended = held(center, people=5)
    (foreign,) = held(other_center)
    moved(ended, timezone.localdate() - dt.timedelta(days=1))
    for prerequisite in (has, waits):
        proposal = propose_on_prerequisite(
            type_id=license_.pk, prerequisite_ids=[prerequisite.pk], template_id=template.pk, by=manager
        )
        if prerequisite == has:
            approved(proposal)

    page = manager_client.get(address(BASES, center, license_)).content.decode()
    manager_client.post(
        address(BASES, center, license_), {"credentials": [first.pk, second.pk], "template": template.pk}
    )

    assert set(listed(page, [has, waits, first, second, ended, foreign])) == {first, second}
    proposal = Proposal.objects.latest("pk")
    assert (proposal.type, {row.prerequisite for row in proposal.rows.all()}) == (license_, {first, second})
    assert "لا أحد في هذا المركز" in manager_client.get(address(BASES, center, license_)).content.decode()


@pytest.mark.parametrize("name", [ENDING, BASES])
def test_a_refused_proposal_shows_the_reason_and_changes_nothing(
    center: Center,
    other_center: Center,
    manager_client: Client,
    skill: CredentialType,
    license_: CredentialType,
    template: CertificateTemplate,
    name: str,
):
    (own,), (foreign,) = held(center), held(other_center)
    before = Proposal.objects.count()
    draft = CertificateTemplateFactory(live=False)
    here = address(name, center, skill if name == ENDING else license_)
    not_listed = "لم تعد في هذه القائمة شهادة اخترتها"

    def answer(where: str = here, **data: object) -> str:
        return manager_client.post(where, {"template": template.pk, **data}).content.decode()

    assert "اختر شهادة واحدة على الأقل" in answer()
    assert not_listed in answer(credentials=[own.pk, foreign.pk])
    assert not_listed in answer(credentials=["9" * 30])
    assert not_listed in answer(credentials=["x"])
    page = answer(credentials=[own.pk], template=draft.pk)
    assert 'class="error-message"' in page
    assert f'name="credentials" value="{own.pk}" checked' in page
    elsewhere = answer(
        here.replace(f"center={center.pk}", f"center={other_center.pk}"), credentials=[foreign.pk]
    )
    assert 'class="error-message"' in elsewhere
    assert foreign.number not in elsewhere
    assert manager_client.post(reverse(name)).status_code == 200
    assert Proposal.objects.count() == before


def test_a_long_list_has_pages_that_keep_the_choice_and_no_more_than_one_is_proposed_at_a_time(
    center: Center, manager_client: Client, skill: CredentialType, template: CertificateTemplate
):
    cohort = completed_cohort(ROWS_ON_A_PAGE + 1, center=center)
    everybody = approved(proposed_for(cohort, type_code="skill-level"))
    before = Proposal.objects.count()

    first = manager_client.get(address(ENDING, center, skill)).content.decode()
    second = manager_client.get(address(ENDING, center, skill, p=2)).content.decode()
    answer = manager_client.post(
        address(ENDING, center, skill),
        {"credentials": [one.pk for one in everybody], "template": template.pk},
    )

    assert f"?center={center.pk}&amp;type={skill.pk}&amp;p=2" in first
    assert listed(first, everybody) + listed(second, everybody) == everybody
    assert "أكثر من 100 شهادة" in answer.content.decode()
    assert Proposal.objects.count() == before


@pytest.mark.parametrize("name", [ENDING, BASES])
@pytest.mark.parametrize("rows", [1, 3])
def test_the_lists_ask_a_constant_number_of_questions(
    center: Center,
    manager: User,
    manager_client: Client,
    license_: CredentialType,
    skill: CredentialType,
    template: CertificateTemplate,
    name: str,
    rows: int,
    django_assert_num_queries: Counted,
):
    credentials = held(center, people=rows)
    here = address(name, center, skill if name == ENDING else license_)
    manager_client.get(here)

    with django_assert_num_queries(LIST_QUERIES[name]):
        page = manager_client.get(here).content.decode()

    assert len(listed(page, credentials)) == rows


@pytest.mark.parametrize("people", [1, 3])
def test_many_renewals_are_proposed_in_as_many_questions_as_one(
    center: Center,
    manager: User,
    skill: CredentialType,
    template: CertificateTemplate,
    people: int,
    django_assert_num_queries: Counted,
):
    ids = [one.pk for one in held(center, people=people)]

    with django_assert_num_queries(RENEWAL_QUERIES):
        propose_renewal(credential_ids=ids, template_id=template.pk, by=manager)


def test_without_permission_to_propose_there_are_no_lists_and_no_menu_items(
    center: Center, client: Client, manager_client: Client, skill: CredentialType
):
    client.force_login(MembershipFactory(role=RoleName.CERTIFYING_OFFICER, center=center).user)

    for name in (ENDING, BASES):
        assert client.get(reverse(name)).status_code == 404
        assert client.post(reverse(name)).status_code == 404
        assert reverse(name) not in client.get(reverse("credentials:index")).content.decode()
        assert reverse(name) in manager_client.get(reverse("credentials:index")).content.decode()
