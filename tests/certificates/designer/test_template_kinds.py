"""A template prints the kinds it names, and an officer sees the first certificate drawn before deciding."""

import io

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from wagtail.models import Site

from accounts.models import Center, User, VisualIdentity
from certificates import errors
from certificates.designs import built_in_designs
from certificates.enums import CredentialKind, ProposalState, Reason
from certificates.models import CertificateTemplate, Credential, Proposal
from certificates.services.deciding import approve
from certificates.services.designs import install_designs
from certificates.services.drafts import draft_of
from certificates.services.proposing import propose, propose_correction
from certificates.services.rules import set_issuing_rule
from courses.clauses import Clauses
from tests.certificates.browsers import confirmed
from tests.factories.certificates import (
    CertificateTemplateFactory,
    built_in_template,
    completed_enrollment,
    credential_type,
    issued,
    proposed,
    proposed_for,
)
from tests.factories.courses import CohortFactory, closed

KIND_OF_DESIGN = {
    "completion": "completion",
    "skill_level": "skill_level",
    "licence_card": "licence",
    "supplement": "supplement",
    "attendance": "attendance",
}


# --- Templates and kinds -----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_each_built_in_design_prints_its_own_kind():
    install_designs()

    kinds = dict(CertificateTemplate.objects.exclude(built_in="").values_list("built_in", "kinds"))

    assert kinds == {design.installed_as: design.kinds for design in built_in_designs()}
    assert {design.name: design.kinds for design in built_in_designs()} == {
        name: [kind] for name, kind in KIND_OF_DESIGN.items()
    }


def test_a_statement_of_attendance_is_not_printed_as_a_license(center: Center, manager: User):
    cohort = CohortFactory(center=center)
    completed_enrollment(cohort)

    with pytest.raises(errors.TemplateOfAnotherKind):
        propose(
            cohort_id=cohort.pk,
            type_id=credential_type("attendance").pk,
            template_id=built_in_template("licence_card").pk,
            by=manager,
        )

    assert not Proposal.objects.exists()


def test_a_correction_is_printed_on_a_template_of_its_kind(center: Center, manager: User):
    old = issued(CohortFactory(center=center))
    old.holder.full_name_ar = "اسم آخر من أربعة أجزاء"
    old.holder.save()

    with pytest.raises(errors.TemplateOfAnotherKind):
        propose_correction(
            credential_id=old.pk,
            reason=Reason.NAME_CORRECTED,
            template_id=built_in_template("supplement").pk,
            by=manager,
        )


def test_a_template_that_was_given_to_another_kind_meanwhile_issues_nothing(center: Center, officer: User):
    proposal = proposed(CohortFactory(center=center))
    CertificateTemplate.objects.filter(pk=proposal.template_id).update(kinds=["attendance"])

    with pytest.raises(errors.TemplateOfAnotherKind):
        approve(proposal_id=proposal.pk, by=officer, confirmed_at=timezone.now())

    assert not Credential.objects.exists()


def test_a_forged_post_with_a_template_of_another_kind_is_told_why_and_proposes_nothing(
    center: Center, manager_client: Client
):
    cohort = CohortFactory(center=center)
    completed_enrollment(cohort)
    other = CertificateTemplateFactory(kinds=["licence"])

    page = manager_client.post(
        reverse("proposals:add"),
        {"cohort": cohort.pk, "type": credential_type("attendance").pk, "template": other.pk},
        headers={"accept-language": "en"},
    ).content.decode()

    assert not Proposal.objects.exists()
    assert other.name in page


def test_the_usual_template_of_the_kind_needs_no_choice(center: Center, manager_client: Client):
    cohort = CohortFactory(center=center)
    completed_enrollment(cohort)
    type_ = credential_type()
    type_.template = CertificateTemplateFactory(kinds=["completion"])
    type_.save()

    manager_client.post(reverse("proposals:add"), {"cohort": cohort.pk, "type": type_.pk, "template": ""})

    assert Proposal.objects.get().template == type_.template


def test_the_page_of_a_certificate_offers_templates_of_its_kind_only(center: Center, manager_client: Client):
    credential = issued(CohortFactory(center=center))
    own = CertificateTemplateFactory(kinds=["completion", "attendance"], name="own")
    other = CertificateTemplateFactory(kinds=["licence"], name="a license only")

    page = manager_client.get(reverse("credentials:inspect", args=[credential.pk])).content.decode()

    assert f'<option value="{own.pk}">' in page
    assert f'<option value="{other.pk}">' not in page


def test_a_kind_has_no_usual_template_of_another_kind(superuser: User):
    client = Client()
    client.force_login(superuser)
    type_ = credential_type()
    other = CertificateTemplateFactory(kinds=["licence"])
    data = {"code": type_.code, "kind": type_.kind, "name_ar": "ش", "name_en": "C", "number_prefix": ""}

    client.post(reverse("credential_types:edit", args=[type_.pk]), data | {"template": other.pk})

    type_.refresh_from_db()
    assert type_.template is None


# --- The skill-level certificate says that a test was passed --------------------------------------------------------


@pytest.mark.django_db
def test_a_rule_that_asks_for_no_test_cannot_issue_a_skill_level(superuser: User):
    skill = credential_type("skill-level")

    with pytest.raises(errors.NoEvidenceOfSkill):
        set_issuing_rule(type_id=skill.pk, by=superuser, identity_document=True)

    assert skill.rules.count() == 1


@pytest.mark.django_db
def test_a_rule_that_asks_for_nothing_is_not_written(superuser: User):
    statement = credential_type("attendance", completed=False, asks=Clauses(attendance=75))

    with pytest.raises(errors.RuleAsksNothing):
        set_issuing_rule(type_id=statement.pk, by=superuser, completed=False, identity_document=True)

    assert set_issuing_rule(type_id=statement.pk, by=superuser, completed=False, asks=Clauses(hours=10))


@pytest.mark.django_db
def test_a_center_writes_no_rule_of_issuing(manager: User):
    statement = credential_type()

    with pytest.raises(errors.NotForYou):
        set_issuing_rule(type_id=statement.pk, by=manager, asks=Clauses(hours=10))

    assert statement.rules.count() == 1


def test_a_rule_from_before_that_asks_for_nothing_proposes_nothing(center: Center):
    credential_type("attendance", completed=False)
    cohort = closed(CohortFactory(center=center))

    with pytest.raises(errors.RuleAsksNothing):
        proposed_for(cohort, type_code="attendance")


def test_the_first_rule_of_skill_levels_proposes_nothing(center: Center):
    cohort = CohortFactory(center=center)
    completed_enrollment(cohort)

    with pytest.raises(errors.NoEvidenceOfSkill):
        proposed_for(cohort, type_code="skill-level")


# --- What the officer sees ----------------------------------------------------------------------------------------


def test_an_officer_sees_the_first_certificate_drawn_on_the_page_of_the_decision(
    center: Center, officer: User
):
    proposal = proposed(CohortFactory(center=center), people=2)
    client = confirmed(officer)

    page = client.get(reverse("proposals:inspect", args=[proposal.pk])).content.decode()
    draft = client.get(reverse("proposals:draft", args=[proposal.pk]))

    assert f'src="{reverse("proposals:draft", args=[proposal.pk])}"' in page
    assert draft["Content-Type"] == "image/png"
    assert "no-store" in draft["Cache-Control"]
    assert Image.open(io.BytesIO(draft.content)).size[0] == 1000


def test_each_person_of_a_proposal_has_a_draft_of_their_own(center: Center, officer: User):
    proposal = proposed(CohortFactory(center=center), people=2)
    address = reverse("proposals:draft", args=[proposal.pk])
    client = confirmed(officer)

    first, second = (
        client.get(address, {"row": row.pk}).content
        for row in proposal.rows.order_by("person__folded_name", "pk")
    )

    assert first != second
    assert first == client.get(address).content


@pytest.mark.parametrize("sex", ["female", "male", ""])
def test_a_draft_speaks_of_the_person_as_the_certificate_does(
    center: Center, manager: User, officer: User, sex: str
):
    cohort = CohortFactory(center=center)
    completed_enrollment(cohort, person__sex=sex)
    proposal = propose(
        cohort_id=cohort.pk,
        type_id=credential_type().pk,
        template_id=built_in_template("completion").pk,
        by=manager,
    )

    draft = draft_of(proposal.rows.get())
    (credential,) = approve(proposal_id=proposal.pk, by=officer, confirmed_at=timezone.now())

    assert draft.design == credential.design
    assert draft.claims == credential.claims


def test_a_card_is_drawn_under_its_page(center: Center, manager: User, officer: User):
    cohort = CohortFactory(center=center)
    completed_enrollment(cohort)
    skill = credential_type("skill-level", identity_document=False)
    proposal = propose(
        cohort_id=cohort.pk, type_id=skill.pk, template_id=built_in_template("skill_level").pk, by=manager
    )

    draft = confirmed(officer).get(reverse("proposals:draft", args=[proposal.pk]))

    width, height = Image.open(io.BytesIO(draft.content)).size
    assert (width, height > 1414) == (1000, True)


@pytest.mark.parametrize("row", ["x", "0", "9" * 30, "-1"])
def test_a_draft_of_a_row_that_is_not_in_the_proposal_is_not_found(center: Center, officer: User, row: str):
    proposal = proposed(CohortFactory(center=center))
    address = reverse("proposals:draft", args=[proposal.pk])

    answer = confirmed(officer).get(address, {"row": row})

    assert answer.status_code == 404


def test_a_decided_proposal_has_no_draft(center: Center, officer: User):
    proposal = proposed(CohortFactory(center=center))
    approve(proposal_id=proposal.pk, by=officer, confirmed_at=timezone.now())

    assert confirmed(officer).get(reverse("proposals:draft", args=[proposal.pk])).status_code == 404


def test_what_was_changed_after_the_officer_looked_is_not_issued(center: Center, officer: User):
    proposal = proposed(CohortFactory(center=center))
    client = confirmed(officer)
    shown = client.get(reverse("proposals:inspect", args=[proposal.pk])).context["shown_design"]
    identity = VisualIdentity.for_site(Site.objects.get(is_default_site=True))
    identity.authority_ar = "وزارة أخرى"
    identity.save()

    refused = client.post(
        reverse("proposals:approve", args=[proposal.pk]), {"shown_design": shown}, follow=True
    )

    proposal.refresh_from_db()
    assert proposal.state == ProposalState.PROPOSED
    assert not Credential.objects.exists()
    assert "لم تصدر أي شهادة" in refused.content.decode()


def test_who_was_left_out_without_a_reason_is_still_left_out_on_the_page_that_asks_for_it(
    center: Center, officer: User
):
    proposal = proposed(CohortFactory(center=center), people=2)
    client = confirmed(officer)
    address = reverse("proposals:inspect", args=[proposal.pk])
    shown = client.get(address).context["shown_design"]
    left = proposal.rows.first()

    asked = client.post(
        reverse("proposals:approve", args=[proposal.pk]),
        {"left_out": [left.pk], "note": "", "shown_design": shown},
        follow=True,
    ).content.decode()

    assert not Credential.objects.exists()
    assert f'name="left_out" value="{left.pk}" checked' in asked
    assert asked.count(" checked") == 1
    assert " checked" not in client.get(address).content.decode()


def test_every_kind_has_a_name_on_the_form_of_templates(superuser: User):
    client = Client()
    client.force_login(superuser)

    page = client.get(reverse("wagtailsnippets_certificates_certificatetemplate:add")).content.decode()

    for kind in CredentialKind:
        assert f'name="kinds" value="{kind.value}"' in page
