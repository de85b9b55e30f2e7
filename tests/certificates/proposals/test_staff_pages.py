"""What staff do with proposals and certificates in the workplace."""

import datetime as dt
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import Center, User
from accounts.services.names import fold_names
from certificates.codes import display_code
from certificates.drawing import design_digest
from certificates.enums import CredentialState, ProposalState, Reason, RowState
from certificates.models import ApiClient, Credential, CredentialType, Proceeding, Proposal, ProposalRow, Term
from courses.models import Eligibility
from tests.certificates.browsers import confirmed, logged_in
from tests.factories.accounts import PersonFactory, UserFactory
from tests.factories.certificates import (
    CertificateTemplateFactory,
    completed_enrollment,
    credential_type,
    issued,
    issued_for,
    moved,
    proposed,
)
from tests.factories.courses import CohortFactory


@pytest.fixture
def credential(center: Center) -> Credential:
    return issued(CohortFactory(center=center))


def shown_design(proposal: Proposal) -> str:
    """What the page of the decision sends back of the draft that it showed."""
    return design_digest(proposal.template.design())


def test_the_page_of_a_certificate_names_the_doubt_about_its_completion_and_leads_to_it(
    credential: Credential, manager_client: Client, officer: User
):
    page = reverse("credentials:inspect", args=[credential.pk])
    enrollment = credential.enrollment
    before = manager_client.get(page).context["doubts"]
    Eligibility.objects.create(
        enrollment=enrollment,
        rule=enrollment.eligibilities.get().rule,
        met=False,
        evidence={},
        evaluated_at=timezone.now(),
    )

    found = [client.get(page).text for client in (manager_client, logged_in(officer))]

    leads = [reverse(f"enrollment:{name}", args=[enrollment.pk]) for name in ("inspect", "confirm")]
    assert before == []
    assert [f'href="{url}"' in text for url, text in zip(leads, found, strict=True)] == [True, True]


def test_a_manager_proposes_and_an_officer_approves_in_the_admin(
    center: Center, manager_client: Client, officer: User
):
    cohort = CohortFactory(center=center)
    completed_enrollment(cohort)
    template = CertificateTemplateFactory()

    manager_client.post(
        reverse("proposals:add"), {"cohort": cohort.pk, "type": credential_type().pk, "template": template.pk}
    )
    proposal = Proposal.objects.get()
    page = logged_in(officer).get(reverse("proposals:inspect", args=[proposal.pk])).content.decode()
    confirmed(officer).post(
        reverse("proposals:approve", args=[proposal.pk]), {"shown_design": shown_design(proposal)}
    )

    proposal.refresh_from_db()
    assert cohort.enrollments.get().person.full_name_ar in page
    assert proposal.state == ProposalState.APPROVED
    assert Credential.objects.get().approved_by == officer


def test_an_officer_who_did_not_just_prove_who_they_are_is_asked_for_the_password(
    center: Center, officer: User
):
    proposal = proposed(CohortFactory(center=center))
    address = reverse("proposals:inspect", args=[proposal.pk])

    confirm = reverse("proposals:approve", args=[proposal.pk])

    page = logged_in(officer).get(address).content.decode()
    asked = logged_in(officer).get(confirm)
    logged_in(officer).post(confirm)

    assert f'href="{confirm}"' in page
    assert asked.url == f"{reverse('account_reauthenticate')}?{urlencode({'next': address})}"
    assert not Credential.objects.exists()


def test_an_officer_approves_some_and_sends_the_others_back_with_a_reason(center: Center, officer: User):
    proposal = proposed(CohortFactory(center=center), people=3)
    first, second, third = proposal.rows.all()

    confirmed(officer).post(
        reverse("proposals:approve", args=[proposal.pk]),
        {
            "left_out": [second.pk],
            "note": "تنقصه صورة البطاقة",
            "shown_design": shown_design(proposal),
        },
    )

    second.refresh_from_db()
    assert {one.holder_id for one in Credential.objects.all()} == {first.person_id, third.person_id}
    assert (second.state, second.note) == (RowState.RETURNED, "تنقصه صورة البطاقة")


@pytest.mark.parametrize("posted", [{"note": "a\0b"}, {"left_out": "9" * 5000}, {"left_out": "x"}])
def test_what_no_form_of_ours_sends_approves_nothing_and_breaks_nothing(
    center: Center, officer: User, posted: dict[str, str]
):
    proposal = proposed(CohortFactory(center=center), people=2)
    left_out = {"left_out": proposal.rows.first().pk}

    answer = confirmed(officer).post(
        reverse("proposals:approve", args=[proposal.pk]),
        left_out | {"shown_design": shown_design(proposal)} | posted,
    )

    assert answer.status_code == 302
    assert not Credential.objects.exists()


def test_a_manager_has_no_approve_button_and_no_approve_address(center: Center, manager_client: Client):
    proposal = proposed(CohortFactory(center=center))

    page = manager_client.get(reverse("proposals:inspect", args=[proposal.pk])).content.decode()
    response = manager_client.post(reverse("proposals:approve", args=[proposal.pk]))

    assert reverse("proposals:approve", args=[proposal.pk]) not in page
    assert response.status_code == 404
    assert not Credential.objects.exists()


@pytest.mark.parametrize(
    "typed", ["أسامة إبراهيم", "اسامه ابراهيم", "osama", "{number}", "{code}", "{printed}"]
)
def test_staff_find_a_certificate_by_name_number_and_code(center: Center, manager_client: Client, typed: str):
    names = {"full_name_ar": "أسامة إبراهيم مصطفى", "full_name_en": "Osama Ibrahim"}
    person = PersonFactory(**names, folded_name=fold_names(*names.values()))
    credential = issued(CohortFactory(center=center), person=person)
    other = issued(CohortFactory(center=center))
    code = credential.code
    typed = typed.format(number=credential.number, code=code, printed=display_code(code).lower())

    page = manager_client.get(reverse("credentials:index"), {"q": typed}).content.decode()

    assert [reverse("credentials:inspect", args=[one.pk]) in page for one in (credential, other)] == [
        True,
        False,
    ]


def test_an_officer_proposes_a_revocation_in_the_admin(credential: Credential, officer: User):
    url = reverse("credentials:revoke", args=[credential.pk])
    client = confirmed(officer)

    client.post(url, {"reason": "made_up", "note": ""})
    before = Proceeding.objects.exists()
    client.post(url, {"reason": Reason.ISSUED_IN_ERROR, "note": "خطأ"})

    credential.refresh_from_db()
    proceeding = Proceeding.objects.get()
    assert not before
    assert credential.state == CredentialState.IN_FORCE
    assert (proceeding.opened_by, proceeding.reason) == (officer, Reason.ISSUED_IN_ERROR)


@pytest.mark.parametrize("act", ["revoke", "suspend", "reinstate", "issue_copy"])
def test_an_act_that_is_not_taken_back_asks_first_who_it_is(credential: Credential, officer: User, act: str):
    page = reverse("credentials:inspect", args=[credential.pk])
    officer.set_password("a long password of the officer")
    officer.save()
    client = logged_in(officer)

    asked = client.post(
        reverse(f"credentials:{act}", args=[credential.pk]), {"reason": Reason.ISSUED_IN_ERROR, "note": "خطأ"}
    )
    back = client.post(
        asked["Location"], {"password": "a long password of the officer", "next": page}, follow=True
    )

    credential.refresh_from_db()
    assert credential.state == CredentialState.IN_FORCE
    assert not credential.copies.exists()
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    assert (back.redirect_chain, back.status_code) == ([(page, 302)], 200)
    assert "تم التحقق من هويتك" in back.content.decode()


def test_a_proof_that_is_too_old_counts_no_more(credential: Credential, officer: User, settings: Settings):
    client = confirmed(officer)
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0

    client.post(
        reverse("credentials:revoke", args=[credential.pk]), {"reason": Reason.ISSUED_IN_ERROR, "note": "خطأ"}
    )

    credential.refresh_from_db()
    assert credential.state == CredentialState.IN_FORCE


def test_keys_of_the_api_are_made_and_ended_after_a_proof(officer: User):
    superuser = UserFactory(is_superuser=True)
    client = logged_in(superuser)
    typed = {"name": "بوابة العمل", "scopes": ["verify"], "codes_per_minute": 60}

    asked = client.get(reverse("api_clients:add"))["Location"]
    client.post(reverse("api_clients:add"), typed)

    assert asked == f"{reverse('account_reauthenticate')}?{urlencode({'next': reverse('api_clients:add')})}"
    assert not ApiClient.objects.exists()


def test_a_manager_proposes_a_license_based_on_a_skill_level_certificate_and_its_renewal(
    center: Center, manager_client: Client
):
    skill = credential_type("skill-level", identity_document=False)
    credential_type("licence", completed=False, prerequisite=skill)
    Term.objects.create(type=skill, months=1, renewable_days=90, since=timezone.localdate())
    cohort = CohortFactory(center=center)
    completed_enrollment(cohort)
    held = issued_for(cohort, type_code="skill-level")
    template = CertificateTemplateFactory().pk
    license_ = CredentialType.objects.get(code="licence").pk

    page = manager_client.get(reverse("credentials:inspect", args=[held.pk])).content.decode()
    manager_client.post(
        reverse("credentials:follow", args=[held.pk]), {"type": license_, "template": template}
    )
    manager_client.post(reverse("credentials:renew", args=[held.pk]), {"template": template})

    for name in ("follow", "renew"):
        assert reverse(f"credentials:{name}", args=[held.pk]) in page
    assert {
        row.prerequisite or row.renews for row in ProposalRow.objects.exclude(proposal=held.proposal)
    } == {held}
    assert Proposal.objects.filter(type=license_).count() == 1


def test_the_page_of_an_ended_certificate_offers_its_renewal_but_no_dependent_certificate(
    center: Center, manager_client: Client
):
    skill = credential_type("skill-level", identity_document=False)
    credential_type("licence", completed=False, prerequisite=skill)
    Term.objects.create(type=skill, months=1, renewable_days=90, since=timezone.localdate())
    cohort = CohortFactory(center=center)
    completed_enrollment(cohort)
    ended = moved(issued_for(cohort, type_code="skill-level"), timezone.localdate() - dt.timedelta(days=1))

    page = manager_client.get(reverse("credentials:inspect", args=[ended.pk])).content.decode()

    assert reverse("credentials:renew", args=[ended.pk]) in page
    assert reverse("credentials:follow", args=[ended.pk]) not in page


def test_no_dependent_certificate_is_offered_if_no_kind_is_based_on_this_one(
    credential: Credential, manager_client: Client
):
    page = manager_client.get(reverse("credentials:inspect", args=[credential.pk])).content.decode()
    manager_client.post(
        reverse("credentials:follow", args=[credential.pk]), {"type": credential.type_id, "template": ""}
    )

    assert reverse("credentials:follow", args=[credential.pk]) not in page
    assert reverse("credentials:renew", args=[credential.pk]) not in page
    assert Proposal.objects.count() == 1
