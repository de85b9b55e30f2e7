"""The designer: built-in designs, the preview, and the checks before publication."""

import io
import json
from typing import Any

import pytest
from django.core.files.images import ImageFile
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image as Picture
from wagtail.images.models import Image
from wagtail.models import Site

from accounts.enums import RoleName
from accounts.models import User, VisualIdentity
from certificates.designs import NAMES, built_in_designs
from certificates.drawing import SAMPLES, draw_certificate
from certificates.enums import BlockingReason, FileKind, Reason, RowState
from certificates.errors import DesignNotPrintable
from certificates.models import CertificateTemplate, Credential, DesignAsset, SigningKey
from certificates.models.designs import SENTENCE
from certificates.services.designs import install_designs
from certificates.services.proposing import propose
from certificates.services.rendering import render_certificate
from certificates.services.sealed_pdfs import certificate_data_of
from certificates.services.statuses import issue_copy
from tests.certificates.designs import SIGNATORY, first_body, logo
from tests.factories.accounts import MembershipFactory, PersonFactory
from tests.factories.certificates import approved, completed_enrollment, type_printed_by
from tests.factories.courses import CohortFactory


def installed(name: str, *, live: bool = True) -> CertificateTemplate:
    """A built-in design with a signatory."""
    install_designs()
    template = CertificateTemplate.objects.get(built_in__startswith=f"{name}-")
    for field, value in SIGNATORY.items():
        setattr(template, field, value)
    template.save()
    if live:
        template.save_revision().publish()
        template.refresh_from_db()
    return template


def picture(color: str = "navy", title: str = "شعار") -> Image:
    written = io.BytesIO()
    Picture.new("RGB", (200, 200), color).save(written, "PNG")
    return Image.objects.create(title=title, file=ImageFile(written, name=f"{color}.png"))


def with_body(template: CertificateTemplate, body: list[dict[str, Any]]) -> CertificateTemplate:
    template.body = json.dumps(body)
    template.save()
    return template


def body_of(name: str) -> list[dict[str, Any]]:
    design = next(design for design in built_in_designs() if design.name == name)
    return json.loads(json.dumps(design.body))


def issued_by(template: CertificateTemplate) -> Credential:
    cohort = CohortFactory()
    completed_enrollment(cohort)
    manager = MembershipFactory(role=RoleName.CENTER_MANAGER, center=cohort.center).user
    proposal = propose(
        cohort_id=cohort.pk, type_id=type_printed_by(template).pk, template_id=template.pk, by=manager
    )
    return approved(proposal)[0]


# --- Built-in designs --------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_designs_are_installed_once_and_left_as_they_were_edited():
    call_command("install_designs", verbosity=0)
    edited = CertificateTemplate.objects.get(built_in="completion-3")
    edited.heading_ar = "شهادة أخرى"
    edited.save()

    assert install_designs() == []
    assert CertificateTemplate.objects.exclude(built_in="").count() == len(NAMES)
    assert CertificateTemplate.objects.get(built_in="completion-3").heading_ar == "شهادة أخرى"


@pytest.mark.django_db
def test_an_installed_design_waits_for_its_signatory():
    install_designs()
    template = CertificateTemplate.objects.get(built_in="completion-3")

    assert not template.live
    with pytest.raises(DesignNotPrintable):
        template.save_revision().publish()


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_a_built_in_design_can_be_published_once_it_has_a_signatory(name: str):
    assert installed(name).live


# --- Identity and freezing ---------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_name_colors_and_logo_come_from_the_visual_identity_of_the_day_of_approval():
    identity = VisualIdentity.for_site(Site.objects.get(is_default_site=True))
    identity.authority_ar, identity.accent, identity.logo = "وزارة التجربة", "#123456", picture()
    identity.save()
    credential = issued_by(installed("completion"))
    before = draw_certificate(certificate_data_of(credential))

    identity.authority_ar, identity.accent, identity.logo = "وزارة أخرى", "#654321", picture("red")
    identity.save()

    assert credential.design["authority_ar"] == "وزارة التجربة"
    assert credential.design["accent"] == "#123456"
    assert draw_certificate(certificate_data_of(Credential.objects.get())) == before


@pytest.mark.django_db
def test_a_picture_edited_or_deleted_later_changes_no_certificate():
    body = first_body("completion")
    chosen = picture()
    place = next(block for block in body if block["type"] == "image")
    place["value"] |= {"image": chosen.pk, "alt": "شعار الوزارة"}
    template = with_body(installed("completion", live=False), body)
    template.save_revision().publish()
    credential = issued_by(template)
    before = draw_certificate(certificate_data_of(credential))

    chosen.file.delete(save=False)
    chosen.delete()

    digest = next(block["asset"] for block in credential.design["blocks"] if block.get("asset"))
    assert DesignAsset.objects.get().sha256 == digest
    assert draw_certificate(certificate_data_of(Credential.objects.get())) == before


@pytest.mark.django_db
def test_a_kept_picture_is_never_changed():
    DesignAsset.objects.create(sha256="a" * 64, data=logo())

    for change in (
        lambda: DesignAsset.objects.update(data=b""),
        lambda: DesignAsset.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.mark.django_db
def test_a_design_with_a_card_gets_both_files():
    credential = issued_by(installed("skill_level"))

    files = {job.kind: render_certificate(job_id=job.pk) for job in credential.render_jobs.all()}

    assert set(files) == {FileKind.CERTIFICATE, FileKind.CARD}
    assert len({file.sha256 for file in files.values() if file}) == 2


@pytest.mark.django_db
def test_a_copy_is_drawn_with_its_number_and_day(superuser: User):
    credential = issued_by(installed("completion"))
    officer = MembershipFactory(role=RoleName.CERTIFYING_OFFICER, center=credential.center).user

    copy = issue_copy(credential_id=credential.pk, reason=Reason.LOST, by=officer)

    paper = certificate_data_of(credential, copy)
    assert (paper.copy_number, paper.copied_on) == (1, timezone.localdate())
    assert draw_certificate(paper) != draw_certificate(certificate_data_of(credential))


@pytest.mark.django_db
def test_a_name_too_long_for_the_chosen_design_blocks_its_row_when_proposed():
    template = installed("licence_card")
    type_ = type_printed_by(template)
    cohort = CohortFactory()
    completed_enrollment(cohort)
    completed_enrollment(cohort, person=PersonFactory(full_name_ar="عبد الرحمن " * 11))
    manager = MembershipFactory(role=RoleName.CENTER_MANAGER, center=cohort.center).user

    proposal = propose(cohort_id=cohort.pk, type_id=type_.pk, template_id=template.pk, by=manager)

    blocked = proposal.rows.get(state=RowState.BLOCKED)
    assert [block["code"] for block in blocked.blocking_reasons] == [BlockingReason.DOES_NOT_FIT]


# --- The editor --------------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def keys(demo_keys: list[SigningKey]) -> None:
    """Whatever is approved here can be sealed."""


@pytest.fixture
def editor(superuser: User) -> Client:
    client = Client()
    client.force_login(superuser)
    return client


EDIT = "wagtailsnippets_certificates_certificatetemplate:edit"


def posted(template: CertificateTemplate, body: list[dict[str, Any]], **more: str) -> dict[str, Any]:
    """What the editor's form sends."""
    data = {
        field: getattr(template, field)
        for field in (
            "name", "page_format", "accent", "authority_ar", "authority_en", "heading_ar", "heading_en",
            "statement_ar", "statement_en", *SENTENCE, *SIGNATORY,
        )
    }  # fmt: skip
    data["kinds"] = template.kinds
    data["body-count"] = str(len(body))
    for number, block in enumerate(body):
        data |= {
            f"body-{number}-deleted": "",
            f"body-{number}-order": str(number),
            f"body-{number}-type": block["type"],
            f"body-{number}-id": "",
        }
        data |= _fields(f"body-{number}-value", block["value"])
    return {**data, **more}


def _fields(prefix: str, value: Any) -> dict[str, str]:
    if isinstance(value, dict):
        return {
            name: text
            for key, part in value.items()
            for name, text in _fields(f"{prefix}-{key}", part).items()
        }
    if isinstance(value, list):
        fields = {f"{prefix}-count": str(len(value))}
        for number, part in enumerate(value):
            item = f"{prefix}-{number}"
            fields |= {f"{item}-deleted": "", f"{item}-order": str(number), f"{item}-id": ""}
            fields |= _fields(f"{item}-value", part)
        return fields
    if isinstance(value, bool):
        return {prefix: "on"} if value else {}
    return {prefix: "" if value is None else str(value)}


def too_small(body: list[dict[str, Any]]) -> list[dict[str, Any]]:
    for block in body:
        if block["type"] == "qr":
            block["value"]["place"] |= {"width": 10}
    return body


@pytest.mark.django_db
def test_a_sound_design_is_published_from_the_editor(editor: Client):
    template = installed("completion", live=False)

    response = editor.post(
        reverse(EDIT, args=[template.pk]),
        posted(template, body_of("completion"), **{"action-publish": "action-publish"}),
    )

    assert response.status_code == 302, response.content.decode()
    template.refresh_from_db()
    assert template.live


@pytest.mark.django_db
@pytest.mark.parametrize("schedule", [{}, {"go_live_at": "2099-01-01 08:00"}])
def test_publishing_or_scheduling_a_design_with_a_problem_is_refused_with_the_list(
    editor: Client, schedule: dict[str, str]
):
    template = installed("completion", live=False)

    response = editor.post(
        reverse(EDIT, args=[template.pk]),
        posted(
            template, too_small(body_of("completion")), **{"action-publish": "action-publish"}, **schedule
        ),
        headers={"accept-language": "en"},
    )

    assert response.status_code == 200
    assert "The QR code is too small for phones: it takes 30.7 mm." in response.content.decode()
    template.refresh_from_db()
    assert not template.live
    assert template.go_live_at is None
    assert not template.revisions.filter(approved_go_live_at__isnull=False).exists()


@pytest.mark.django_db
def test_a_design_with_a_problem_may_wait_as_a_draft(editor: Client):
    template = installed("completion", live=False)

    response = editor.post(
        reverse(EDIT, args=[template.pk]), posted(template, too_small(body_of("completion")))
    )

    assert response.status_code == 302
    assert not CertificateTemplate.objects.get(pk=template.pk).live


@pytest.mark.django_db
def test_a_script_cannot_publish_what_the_editor_refuses():
    template = with_body(installed("completion", live=False), too_small(body_of("completion")))

    with pytest.raises(DesignNotPrintable):
        template.save_revision().publish()

    assert not CertificateTemplate.objects.get(pk=template.pk).live


def previewed(editor: Client, template: CertificateTemplate, body: list[dict[str, Any]], sample: str) -> str:
    """The preview panel of what the form holds now."""
    url = reverse("wagtailsnippets_certificates_certificatetemplate:preview_on_edit", args=[template.pk])
    assert editor.post(url, posted(template, body)).json() == {"is_valid": True, "is_available": True}
    return editor.get(url, {"mode": sample}).content.decode()


@pytest.mark.engines("draws every sample of a design, and a picture of each")
@pytest.mark.django_db
def test_the_preview_shows_every_sample_as_the_printer_draws_it(editor: Client):
    template = installed("completion")

    pages = [previewed(editor, template, body_of("completion"), sample) for sample in SAMPLES]

    assert len(set(pages)) == len(SAMPLES)
    for page in pages:
        assert page.count("data:image/png;base64,") == 1
        assert 'class="sound"' in page


@pytest.mark.django_db
def test_the_preview_shows_both_sides_of_a_card_and_the_page(editor: Client):
    page = previewed(editor, installed("skill_level"), body_of("skill_level"), SAMPLES[0])

    assert page.count("data:image/png;base64,") == 3
    assert 'class="sound"' in page


@pytest.mark.django_db
def test_the_preview_of_a_broken_design_draws_the_rest_and_lists_the_problems(editor: Client):
    body = too_small(first_body("completion"))
    heading = next(block for block in body if block["value"].get("role") == "title")
    heading["value"]["place"] |= {"width": 5}
    picture_place = next(block for block in body if block["type"] == "image")
    picture_place["value"]["place"] |= {"x": None}
    template = installed("completion", live=False)

    page = previewed(editor, template, body, "usual")

    assert page.count("data:image/png;base64,") == 1
    assert page.count('class="finding"') == 3


@pytest.mark.django_db
def test_a_copy_of_a_built_in_design_is_one_s_own(editor: Client):
    template = installed("completion")
    views = "wagtailsnippets_certificates_certificatetemplate"

    shown = editor.get(reverse(f"{views}:copy", args=[template.pk]))
    response = editor.post(
        reverse(f"{views}:add"), {**posted(template, body_of("completion")), "name": "نسختي"}
    )

    assert template.heading_ar in shown.content.decode()
    assert response.status_code == 302, response.content.decode()
    mine = CertificateTemplate.objects.get(name="نسختي")
    assert mine.pk != template.pk
    assert mine.built_in == ""
    assert len(mine.body) == len(template.body)
