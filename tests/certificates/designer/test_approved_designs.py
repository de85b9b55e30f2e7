"""Approved certificates are printed in the design of that day; with one that cannot be printed, no number is assigned."""

import json
from typing import Any

import pytest
from django.utils import timezone
from wagtail.models import Site

from accounts.enums import RoleName
from accounts.models import User, VisualIdentity
from certificates import errors
from certificates.enums import ProposalState
from certificates.models import CertificateTemplate, Credential, NumberSeries, Proposal, SigningKey
from certificates.services.deciding import approve
from certificates.services.proposing import propose
from certificates.services.rendering import render_certificate
from tests.certificates.designer.test_designer import installed, picture, with_body
from tests.certificates.designs import first_body
from tests.factories.accounts import MembershipFactory, PersonFactory
from tests.factories.certificates import completed_enrollment, type_printed_by
from tests.factories.courses import CohortFactory

pytestmark = pytest.mark.django_db

LONG_NAME = "عبد الرحمن عبد المنعم عبد المقصود"


@pytest.fixture(autouse=True)
def keys(demo_keys: list[SigningKey]) -> None:
    """Whatever is approved here can be sealed."""


def waiting(template: CertificateTemplate, *names: str) -> tuple[Proposal, User]:
    """A proposal for people of these names, and an officer who may decide it."""
    type_ = type_printed_by(template)
    cohort = CohortFactory()
    for name in names or (LONG_NAME,):
        completed_enrollment(cohort, person=PersonFactory(full_name_ar=name))
    manager, officer = (
        MembershipFactory(role=role, center=cohort.center).user
        for role in (RoleName.CENTER_MANAGER, RoleName.CERTIFYING_OFFICER)
    )
    proposal = propose(cohort_id=cohort.pk, type_id=type_.pk, template_id=template.pk, by=manager)
    return proposal, officer


def approved_by(officer: User, proposal: Proposal, **chosen: Any) -> list[Credential]:
    return approve(proposal_id=proposal.pk, by=officer, confirmed_at=timezone.now(), **chosen)


def republished(template: CertificateTemplate, kind: str, **place: float) -> None:
    """Publish the template with other boxes for the fact of the Arabic name."""
    body = first_body("completion")
    for block in body:
        if block["value"].get("fact") == kind:
            block["value"]["place"] |= place
    template.body = json.dumps(body)
    template.save_revision().publish()


def is_as_before(proposal: Proposal) -> bool:
    proposal.refresh_from_db()
    gave_nothing = not (Credential.objects.exists() or NumberSeries.objects.exists())
    return gave_nothing and proposal.state == ProposalState.PROPOSED


def identity() -> VisualIdentity:
    return VisualIdentity.for_site(Site.objects.get(is_default_site=True))


def test_an_authority_that_grew_too_long_after_publishing_gives_no_numbers():
    proposal, officer = waiting(installed("licence_card"))
    ours = identity()
    ours.authority_ar = "وزارة العمل والتدريب المهني والتشغيل والهجرة وشؤون المصريين بالخارج والسلامة المهنية"
    ours.save()

    with pytest.raises(errors.DesignNoLongerPrintable, match="وزارة"):
        approved_by(officer, proposal)

    assert is_as_before(proposal)


def test_a_logo_taken_away_from_above_its_caption_gives_no_numbers():
    ours = identity()
    ours.logo = picture()
    ours.save()
    body = first_body("completion")
    place = next(number for number, block in enumerate(body) if block["type"] == "image")
    caption = next(block for block in first_body("completion") if block["value"].get("role") == "caption")
    caption["value"]["place"] |= {"y": 60}
    body.insert(place + 1, caption)
    template = with_body(installed("completion", live=False), body)
    template.save_revision().publish()
    proposal, officer = waiting(CertificateTemplate.objects.get(pk=template.pk))
    ours.logo = None
    ours.save()

    with pytest.raises(errors.DesignNoLongerPrintable):
        approved_by(officer, proposal)

    assert is_as_before(proposal)


def test_a_template_taken_back_meanwhile_gives_no_numbers():
    template = installed("completion")
    proposal, officer = waiting(template)
    template.unpublish()

    with pytest.raises(errors.TemplateWithdrawn, match=template.name):
        approved_by(officer, proposal)

    assert is_as_before(proposal)


def test_a_name_that_no_longer_fits_names_its_person_and_the_others_go_on():
    template = with_body(installed("completion"), first_body("completion"))
    template.save_revision().publish()
    long_name = "عبد الرحمن عبد المنعم عبد المقصود عبد اللطيف عبد الحميد عبد السميع عبد العزيز الشربيني"
    proposal, officer = waiting(template, "أحمد علي", long_name)
    republished(template, "name_ar", x=76, width=144)

    with pytest.raises(errors.RowNoLongerPrintable, match=long_name):
        approved_by(officer, proposal)

    assert is_as_before(proposal)
    long = proposal.rows.get(person__full_name_ar=long_name)
    (credential,) = approved_by(officer, proposal, left_out=[long.pk], note="أطول من القالب")
    assert render_certificate(job_id=credential.render_jobs.get().pk) is not None


def test_another_wording_published_meanwhile_is_printed():
    template = installed("completion")
    proposal, officer = waiting(template)
    template.heading_ar = "شهادة أخرى"
    template.save_revision().publish()

    (credential,) = approved_by(officer, proposal)

    assert credential.design["heading_ar"] == "شهادة أخرى"
