"""The card of a certificate is available to all who may download the certificate, and in print runs."""

import zipfile

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Center, User
from certificates.drawing import CARD_SIZE
from certificates.enums import BundleKind, FileKind, Reason
from certificates.errors import NothingDrawn
from certificates.models import Credential
from certificates.services.bundles import make_bundle, request_bundle
from certificates.services.file_storage import private_path
from certificates.services.rendering import render_certificates
from certificates.services.statuses import issue_copy
from tests.factories.accounts import MembershipFactory, TraineeFactory
from tests.factories.certificates import drawn, issued, with_card
from tests.factories.courses import CohortFactory
from tests.factories.sharing import holder_of
from typesetting import mm


@pytest.fixture
def credential(center: Center) -> Credential:
    return with_card(center)


def card_address(credential: Credential) -> str:
    return reverse("certificates:download_card", args=[credential.public_id])


def test_the_holder_finds_the_card_in_the_wallet(credential: Credential, client: Client):
    client.force_login(holder_of(credential))

    page = client.get(reverse("certificates:mine")).content.decode()
    answer = client.get(card_address(credential))

    card = credential.artifacts.get(kind=FileKind.CARD)
    assert card_address(credential) in page
    assert b"".join(answer) == private_path(card.path).read_bytes()
    assert answer["Content-Disposition"].endswith('-card.pdf"')


def test_the_card_is_not_available_to_others(credential: Credential, client: Client):
    client.force_login(TraineeFactory())

    assert client.get(card_address(credential)).status_code == 404


def test_a_certificate_without_a_card_offers_none(center: Center, client: Client):
    plain = issued(CohortFactory(center=center))
    drawn(plain)
    client.force_login(holder_of(plain))

    page = client.get(reverse("certificates:mine")).content.decode()

    assert card_address(plain) not in page
    assert client.get(card_address(plain)).status_code == 404


def test_the_page_of_the_certificate_leads_staff_to_its_card(credential: Credential, manager_client: Client):
    page = manager_client.get(reverse("credentials:inspect", args=[credential.pk])).content.decode()

    assert card_address(credential) in page


def test_the_holder_of_a_copy_finds_its_card_too(credential: Credential, client: Client):
    officer = MembershipFactory(role="certifying_officer", center=credential.center).user
    copy = issue_copy(credential_id=credential.pk, reason=Reason.LOST, by=officer)
    render_certificates(job_ids=list(credential.render_jobs.filter(copy=copy).values_list("pk", flat=True)))
    client.force_login(holder_of(credential))
    address = reverse("certificates:download_copied_card", args=[credential.public_id, copy.number])

    page = client.get(reverse("certificates:mine")).content.decode()

    assert address in page
    text = pypdfium2.PdfDocument(b"".join(client.get(address)))[0].get_textpage().get_text_bounded()
    assert "Copy no. 1" in text


def test_the_zip_has_pages_and_cards_and_each_print_run_one_kind(credential: Credential, manager: User):
    bundles = {}
    for kind in BundleKind:
        asked = request_bundle(proposal_id=credential.proposal_id, kind=kind, by=manager)
        bundles[kind] = make_bundle(bundle_id=asked.pk)

    number = credential.number.replace("/", "-")
    with zipfile.ZipFile(private_path(bundles[BundleKind.ZIP].path)) as archive:
        assert archive.namelist() == [f"{number}.pdf", f"{number}-card.pdf"]
    cards = pypdfium2.PdfDocument(private_path(bundles[BundleKind.CARDS].path))
    assert [page.get_trimbox() for page in cards] == [
        pytest.approx((0, 0, CARD_SIZE[0] * mm, CARD_SIZE[1] * mm), abs=0.01)
    ] * 2
    assert len(pypdfium2.PdfDocument(private_path(bundles[BundleKind.PRINT].path))) == 1


def test_the_press_is_offered_cards_only_where_there_are_any(
    credential: Credential, center: Center, manager: User, manager_client: Client
):
    plain = issued(CohortFactory(center=center))
    drawn(plain)
    pages = [
        manager_client.get(reverse("proposals:inspect", args=[one.proposal_id])).content.decode()
        for one in (credential, plain)
    ]

    offered = [
        reverse("proposals:cards", args=[one.proposal_id]) in page
        for one, page in zip((credential, plain), pages, strict=True)
    ]

    assert offered == [True, False]
    with pytest.raises(NothingDrawn):
        request_bundle(proposal_id=plain.proposal_id, kind=BundleKind.CARDS, by=manager)
