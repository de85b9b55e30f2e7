"""All certificates of a proposal in one file, for those who may see them, for a week."""

import datetime as dt
import io
import zipfile
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import ImageChops

from accounts.enums import RoleName
from accounts.models import Center, User
from certificates.enums import BundleKind, Reason
from certificates.errors import NotAllowedHere, NothingDrawn
from certificates.models import Artifact, Bundle, Credential, Proposal, RenderJob
from certificates.services import bundles
from certificates.services.bundles import make_bundle, purge_bundles, request_bundle
from certificates.services.file_storage import TEMPORARY_FOLDER, private_path
from certificates.services.rendering import render_certificates
from jobs.enums import JobState
from tests.certificates.seal_readers import output_of_pdfsig
from tests.factories.accounts import MembershipFactory, TraineeFactory
from tests.factories.certificates import (
    approved,
    proposed,
    registrar_of,
    revoke,
)
from tests.factories.courses import CohortFactory
from tests.typesetting.validators import qpdf
from typesetting import mm


@pytest.fixture
def proposal(center: Center) -> Proposal:
    proposal = proposed(CohortFactory(center=center), people=3)
    approved(proposal)
    render_certificates(job_ids=list(RenderJob.objects.values_list("pk", flat=True)))
    return proposal


def made(proposal: Proposal, kind: BundleKind, by: User) -> Bundle:
    bundle = request_bundle(proposal_id=proposal.pk, kind=kind, by=by)
    make_bundle(bundle_id=bundle.pk)
    bundle.refresh_from_db()
    return bundle


def texts_of(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    return [page.get_textpage().get_text_bounded() for page in document]


def test_a_zip_holds_every_file_as_it_was_drawn_under_its_number(proposal: Proposal, manager: User):
    bundle = made(proposal, BundleKind.ZIP, manager)

    with zipfile.ZipFile(private_path(bundle.path)) as archive:
        inside = {name: archive.read(name) for name in archive.namelist()}
    assert inside == {
        f"{one.credential.number.replace('/', '-')}.pdf": private_path(one.path).read_bytes()
        for one in Artifact.objects.select_related("credential")
    }
    assert bundle.papers == 3
    assert bundle.size == private_path(bundle.path).stat().st_size


def test_a_print_run_has_a_page_each_in_the_order_of_names(proposal: Proposal, manager: User):
    bundle = made(proposal, BundleKind.PRINT, manager)

    pages = texts_of(private_path(bundle.path).read_bytes())
    by_name = proposal.credentials.order_by("holder__folded_name", "number")
    assert [one.number in page for one, page in zip(by_name, pages, strict=True)] == [True] * 3


def test_a_print_run_has_bleed_and_trim_marks_and_keeps_the_color_space(proposal: Proposal, manager: User):
    bundle = made(proposal, BundleKind.PRINT, manager)
    first = Artifact.objects.order_by("credential__holder__folded_name", "credential__number").first()

    with (
        pikepdf.open(private_path(bundle.path)) as run,
        pikepdf.open(private_path(first.path)) as single,
    ):
        trimmed = [float(edge) for edge in single.pages[0].mediabox]
        for page in run.pages:
            trim, bleed, media = (
                [float(edge) for edge in box] for box in (page.trimbox, page.obj.BleedBox, page.mediabox)
            )
            assert trim == trimmed
            assert [round((a - b) / mm, 3) for a, b in zip(trim, bleed, strict=True)] == [3, 3, -3, -3]
            assert [round((a - b) / mm, 3) for a, b in zip(trim, media, strict=True)] == [10, 10, -10, -10]
        intents = run.Root.OutputIntents[0], single.Root.OutputIntents[0]
        profiles = [intent.DestOutputProfile.read_bytes() for intent in intents]
    assert profiles[0] == profiles[1]


def test_a_print_run_carries_no_seal_and_says_what_it_is(proposal: Proposal, manager: User, tmp_path: Path):
    pdf = private_path(made(proposal, BundleKind.PRINT, manager).path).read_bytes()

    with pikepdf.open(io.BytesIO(pdf)) as run:
        assert "/AcroForm" not in run.Root
        assert not any("/Annots" in page.obj for page in run.pages)
    assert b"/ByteRange" not in pdf
    assert "Signature #" not in output_of_pdfsig(pdf, tmp_path)
    assert qpdf(pdf) == ""
    assert all("Print run, no seal" in page for page in texts_of(pdf))
    page = Client().post("/en/verify/file/", {"file": SimpleUploadedFile("run.pdf", pdf)}).content.decode()
    assert "This is a print run" in page
    assert 'data-verdict="print_run"' in page


def test_the_middle_of_a_printed_sheet_is_the_certificate_as_it_is_in_its_file(
    proposal: Proposal, manager: User
):
    bundle = made(proposal, BundleKind.PRINT, manager)
    first = Artifact.objects.order_by("credential__holder__folded_name", "credential__number").first()

    with (
        pypdfium2.PdfDocument(private_path(bundle.path)) as run,
        pypdfium2.PdfDocument(private_path(first.path)) as single,
    ):
        sheet, paper = (document[0].render(scale=4 / mm).to_pil().convert("L") for document in (run, single))
    margin = 40
    inside = sheet.crop((margin, margin, margin + paper.width, margin + paper.height))
    # A quarter of the size: letters may sit half a pixel apart.
    small = [picture.resize((paper.width // 4, paper.height // 4)) for picture in (inside, paper)]
    different = ImageChops.difference(*small).histogram()
    assert sum(different[64:]) < 0.01 * small[0].width * small[0].height


def test_a_long_print_run_comes_in_numbered_files(
    proposal: Proposal, manager: User, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(bundles, "PAPERS_IN_A_FILE", 1)

    bundle = made(proposal, BundleKind.PRINT, manager)

    with zipfile.ZipFile(private_path(bundle.path)) as archive:
        assert archive.namelist() == ["001.pdf", "002.pdf", "003.pdf"]
        pages = [texts_of(archive.read(name)) for name in archive.namelist()]
    numbers = proposal.credentials.order_by("holder__folded_name", "number").values_list("number", flat=True)
    assert [number in page for number, [page] in zip(numbers, pages, strict=True)] == [True] * 3
    assert not list(private_path(TEMPORARY_FOLDER).iterdir())


def test_what_was_revoked_is_not_printed_again(proposal: Proposal, manager: User, center: Center):
    officer = MembershipFactory(role=RoleName.CERTIFYING_OFFICER, center=center).user
    gone = proposal.credentials.first()
    revoke(credential_id=gone.pk, reason=Reason.ISSUED_IN_ERROR, note="", by=officer)

    assert made(proposal, BundleKind.ZIP, manager).papers == 2


def test_a_proposal_without_a_file_has_nothing_to_bundle(center: Center, manager: User):
    waiting = proposed(CohortFactory(center=center))
    approved(waiting)

    with pytest.raises(NothingDrawn):
        request_bundle(proposal_id=waiting.pk, kind=BundleKind.ZIP, by=manager)


def test_staff_of_another_center_get_nothing(proposal: Proposal, other_center: Center, client: Client):
    outsider = MembershipFactory(role=RoleName.CENTER_MANAGER, center=other_center).user

    with pytest.raises(NotAllowedHere):
        request_bundle(proposal_id=proposal.pk, kind=BundleKind.ZIP, by=outsider)


def test_asking_twice_makes_one_file(proposal: Proposal, manager: User):
    first = made(proposal, BundleKind.ZIP, manager)

    second = request_bundle(proposal_id=proposal.pk, kind=BundleKind.ZIP, by=manager)

    assert (second.pk, second.state, second.path) == (first.pk, JobState.DONE, first.path)


def test_a_bundle_that_lacks_a_certificate_drawn_since_is_made_again(
    proposal: Proposal, manager: User, django_capture_on_commit_callbacks
):
    first = made(proposal, BundleKind.ZIP, manager)
    Bundle.objects.update(papers=2)

    with django_capture_on_commit_callbacks(execute=True):
        again = request_bundle(proposal_id=proposal.pk, kind=BundleKind.ZIP, by=manager)

    assert again.state == JobState.WAITING
    assert not private_path(first.path).exists()
    make_bundle(bundle_id=again.pk)
    assert Bundle.objects.get().papers == 3


def test_a_bundle_with_a_certificate_revoked_since_is_made_again(center: Center, manager: User):
    proposal = proposed(CohortFactory(center=center), people=2)
    revoked, drawn_later = approved(proposal)
    render_certificates(job_ids=[revoked.render_jobs.get().pk])
    made(proposal, BundleKind.ZIP, manager)
    revoke(credential_id=revoked.pk, reason=Reason.FRAUD, note="", by=registrar_of(revoked))
    render_certificates(job_ids=[drawn_later.render_jobs.get().pk])

    again = made(proposal, BundleKind.ZIP, manager)

    with zipfile.ZipFile(private_path(again.path)) as archive:
        assert archive.namelist() == [f"{drawn_later.number.replace('/', '-')}.pdf"]


def test_a_message_delivered_twice_makes_one_file(proposal: Proposal, manager: User):
    bundle = made(proposal, BundleKind.ZIP, manager)

    assert make_bundle(bundle_id=bundle.pk) is None
    assert [file.name for file in private_path(bundle.path).parent.glob(f"{bundle.public_id}*")] == [
        private_path(bundle.path).name
    ]


def test_a_file_that_cannot_be_made_is_given_up_after_three_attempts(proposal: Proposal, manager: User):
    bundle = request_bundle(proposal_id=proposal.pk, kind=BundleKind.ZIP, by=manager)
    private_path(Artifact.objects.first().path).unlink()

    for _attempt in range(3):
        with pytest.raises(FileNotFoundError):
            make_bundle(bundle_id=bundle.pk)

    bundle.refresh_from_db()
    assert bundle.state == JobState.FAILED
    assert "FileNotFoundError" in bundle.error
    assert make_bundle(bundle_id=bundle.pk) is None
    assert not list(private_path(TEMPORARY_FOLDER).iterdir())


def test_a_file_is_forgotten_after_a_week(
    proposal: Proposal, manager: User, django_capture_on_commit_callbacks
):
    bundle = made(proposal, BundleKind.ZIP, manager)
    assert bundle.expires_at - timezone.now() > dt.timedelta(days=6)
    Bundle.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))

    with django_capture_on_commit_callbacks(execute=True):
        purge_bundles()

    assert not Bundle.objects.exists()
    assert not private_path(bundle.path).exists()


def test_staff_ask_by_a_button_and_save_the_file(proposal: Proposal, manager_client: Client):
    manager_client.post(reverse("proposals:zip", args=[proposal.pk]))
    bundle = Bundle.objects.get()
    make_bundle(bundle_id=bundle.pk)

    page = manager_client.get(reverse("proposals:inspect", args=[proposal.pk])).content.decode()
    answer = manager_client.get(reverse("certificates:bundle", args=[bundle.public_id]))

    assert reverse("certificates:bundle", args=[bundle.public_id]) in page
    assert answer["Content-Type"] == "application/zip"
    assert "attachment" in answer["Content-Disposition"]
    assert b"".join(answer).startswith(b"PK")


def test_an_expired_file_is_not_there_even_before_it_is_swept(
    proposal: Proposal, manager: User, client: Client
):
    bundle = made(proposal, BundleKind.ZIP, manager)
    Bundle.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    client.force_login(manager)

    assert client.get(reverse("certificates:bundle", args=[bundle.public_id])).status_code == 404


def test_the_holder_of_a_certificate_does_not_get_everybody_s(
    proposal: Proposal, manager: User, client: Client
):
    bundle = made(proposal, BundleKind.ZIP, manager)
    holder = Credential.objects.first().holder
    client.force_login(TraineeFactory(person=holder))

    assert client.get(reverse("certificates:bundle", args=[bundle.public_id])).status_code == 404
