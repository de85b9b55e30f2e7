"""What the pages of proposals say to those who propose and decide."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from accounts.enums import MembershipScope, RoleName
from accounts.models import Center, User
from certificates.enums import ProposalState, Reason
from certificates.models import CredentialType, Proposal
from certificates.services.deciding import reject
from certificates.services.proposing import propose_renewal
from certificates.services.rendering import render_certificates
from certificates.services.statuses import issue_copy
from tests.certificates.browsers import confirmed, logged_in
from tests.certificates.prerequisites import held
from tests.factories.accounts import MembershipFactory
from tests.factories.certificates import (
    CertificateTemplateFactory,
    approved,
    completed_enrollment,
    credential_type,
    issued,
    proposed,
    proposed_for,
    revoke,
)
from tests.factories.courses import CohortFactory, EnrollmentFactory

ADD = reverse("proposals:add")


def test_a_cohort_is_offered_by_program_days_and_state(center: Center, manager_client: Client):
    cohort = CohortFactory(center=center)

    page = manager_client.get(ADD).text

    days = " – ".join(date_format(day) for day in (cohort.starts_on, cohort.ends_on))
    assert f"{cohort.code} · {cohort.program.title} · {days} · {cohort.get_state_display()}" in page


def test_the_only_template_of_a_kind_needs_no_choice_and_the_proposal_opens(
    center: Center, manager_client: Client
):
    cohort = CohortFactory(center=center)
    completed_enrollment(cohort)
    EnrollmentFactory(cohort=cohort)
    template = CertificateTemplateFactory(kinds=["completion"])
    CertificateTemplateFactory(kinds=["licence"])

    answer = manager_client.post(
        ADD, {"cohort": cohort.pk, "type": credential_type(completed=True).pk, "template": ""}, follow=True
    )

    proposal = Proposal.objects.get()
    assert proposal.template == template
    assert answer.redirect_chain == [(reverse("proposals:inspect", args=[proposal.pk]), 302)]
    assert "المرشحون: 1. غير المستحقين بعد: 1." in answer.text


def test_where_there_are_several_those_of_the_kind_are_offered(center: Center, manager_client: Client):
    cohort = CohortFactory(center=center)
    completed_enrollment(cohort)
    fit = [CertificateTemplateFactory(kinds=["completion"]) for _number in range(2)]
    CertificateTemplateFactory(kinds=["licence"])

    page = manager_client.post(ADD, {"cohort": cohort.pk, "type": credential_type().pk, "template": ""})

    offered = page.context["form"].fields["template"].queryset
    assert not Proposal.objects.exists()
    assert set(offered) == set(fit)


def test_who_decides_reads_that_a_certificate_of_the_kind_was_revoked(center: Center, officer: User):
    cohort = CohortFactory(center=center)
    before = issued(cohort)
    revoke(credential_id=before.pk, reason=Reason.FRAUD, note="صورة لشخص آخر", by=officer)
    proposal = proposed_for(cohort)
    assert proposal.rows.get(state="eligible").person == before.holder

    page = logged_in(officer).get(reverse("proposals:inspect", args=[proposal.pk])).text

    today = date_format(timezone.localdate())
    assert f"{before.number} من هذا النوع أُلغيت في {today}: {Reason.FRAUD.label} (صورة لشخص آخر)" in " ".join(
        BeautifulSoup(page, "html.parser").text.split()
    )


def test_what_is_sent_back_has_one_name(center: Center, officer: User):
    proposal = proposed(CohortFactory(center=center))

    reject(proposal_id=proposal.pk, reason="ناقص", by=officer)

    page = logged_in(officer).get(reverse("proposals:inspect", args=[proposal.pk])).text
    assert ProposalState.REJECTED.label == "معاد إلى المركز"
    assert "معاد إلى المركز" in page
    assert "مرفوض" not in page


def test_drafts_open_in_tabs_of_their_own(center: Center, officer: User):
    proposal = proposed(CohortFactory(center=center))
    draft = reverse("proposals:draft", args=[proposal.pk])

    page = confirmed(officer).get(reverse("proposals:inspect", args=[proposal.pk])).text

    assert page.count(f'href="{draft}') == 2
    assert page.count('target="_blank" rel="noopener"') >= 2


def test_a_revoked_certificate_is_revoked_on_the_page_of_its_proposal(center: Center, officer: User):
    proposal = proposed(CohortFactory(center=center), people=2)
    first, _second = approved(proposal)
    revoke(credential_id=first.pk, reason=Reason.ISSUED_IN_ERROR, note="", cascade=True, by=officer)

    page = logged_in(officer).get(reverse("proposals:inspect", args=[proposal.pk])).text

    first.refresh_from_db()
    assert f"<td>{first.get_state_display()}</td>" in page
    assert page.count("سارية</td>") == 1


def test_a_certificate_names_its_kind_in_the_workplace_and_to_the_public(
    center: Center, officer: User, client: Client
):
    credential = issued(CohortFactory(center=center))

    register = logged_in(officer).get(reverse("credentials:inspect", args=[credential.pk])).text
    public = client.get(reverse("certificates:verify", args=[credential.code])).text

    for page in (register, public):
        assert "نوع الشهادة" in page
        assert credential.type.name_ar in page


def test_what_folds_out_and_acts_looks_like_a_button(center: Center, officer: User):
    credential = issued(CohortFactory(center=center))

    page = logged_in(officer).get(reverse("credentials:inspect", args=[credential.pk])).text

    assert page.count("<details") == page.count('<details class="act ') > 0


@pytest.mark.django_db
def test_templates_of_certificates_are_among_the_certificates_in_the_menu():
    officer = MembershipFactory(role=RoleName.MINISTRY_OFFICER, scope=MembershipScope.MINISTRY, center=None)

    menu = logged_in(officer.user).get(reverse("wagtailadmin_home")).text

    assert reverse("wagtailsnippets_certificates_certificatetemplate:list") in menu
    assert f'"{reverse("wagtailsnippets:index")}"' not in menu


def test_a_proposal_without_a_cohort_is_listed_by_its_center(
    center: Center, manager: User, manager_client: Client, skill: CredentialType
):
    (old,) = held(center)
    propose_renewal(credential_ids=[old.pk], template_id=CertificateTemplateFactory().pk, by=manager)

    page = BeautifulSoup(manager_client.get(reverse("proposals:index")).text, "html.parser")

    subjects = [cell.get_text(" ", strip=True) for cell in page.select("td.title")]
    assert [subject.startswith(str(center)) for subject in subjects] == [True, False]
    assert not any(subject.startswith("None") for subject in subjects)


def test_the_files_of_a_copy_are_opened_from_the_page_of_its_certificate(center: Center, officer: User):
    credential = issued(CohortFactory(center=center))
    issue_copy(credential_id=credential.pk, reason=Reason.LOST, by=officer)
    page = reverse("credentials:inspect", args=[credential.pk])
    copied = reverse("certificates:download_copy", args=[credential.public_id, 1])
    client = logged_in(officer)
    before = client.get(page).text

    render_certificates(job_ids=list(credential.render_jobs.values_list("pk", flat=True)))

    assert copied not in before
    assert copied in client.get(page).text
    assert b"".join(client.get(copied)).startswith(b"%PDF")


def test_hours_on_pages_say_whether_they_are_of_the_program_or_were_attended(
    center: Center, officer: User, client: Client
):
    credential = issued(CohortFactory(center=center))
    waiting = proposed(CohortFactory(center=center))

    draft = logged_in(officer).get(reverse("proposals:inspect", args=[waiting.pk])).text
    evidence = logged_in(officer).get(reverse("proposals:inspect", args=[credential.proposal_id])).text
    public = client.get(reverse("certificates:verify", args=[credential.code])).text

    assert "الساعات عليها هي ساعات البرنامج" in draft
    assert "<th>ساعات حضور الحصص</th>" in evidence
    assert "ساعات البرنامج" in public
