"""Every file of a numbered copy is marked as a copy, also the card."""

import dataclasses
import datetime as dt
from typing import Any

import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageStat

from accounts.enums import RoleName
from certificates.drawing import draw_certificate
from certificates.enums import FileKind, Reason
from certificates.models import Credential, SigningKey
from certificates.queries.wallet import wallet_of
from certificates.services.rendering import render_certificate
from certificates.services.statuses import issue_copy
from tests.certificates.designer.test_designer import installed, issued_by
from tests.certificates.designs import built_in, first_edition, paper
from tests.certificates.drawing.test_drawing import text_of
from tests.factories.accounts import MembershipFactory


@pytest.mark.parametrize(("left_out", "card"), [("front", True), ("page", False)])
def test_a_mark_on_one_file_marks_no_other(left_out: str, card: bool):
    design = built_in("skill_level")
    blocks = [
        block
        for block in design["blocks"]
        if block["kind"] != "copy_mark" or block["place"]["side"] != left_out
    ]
    copy = dataclasses.replace(paper("skill_level", "copy"), design={**design, "blocks": blocks})

    assert "Copy no. 12" in text_of(draw_certificate(copy, card=card))
    assert text_of(draw_certificate(copy, card=not card)).count("Copy no. 12") == 1


@pytest.mark.parametrize(
    "design",
    [
        built_in("supplement"),
        first_edition("supplement"),
        first_edition("supplement", format="a4-landscape"),
    ],
)
def test_the_mark_covers_nothing_on_a_further_page(design: dict[str, Any]):
    original = paper("supplement", "long_program")
    name = "عبد الرحمن عبد المنعم عبد المقصود عبد اللطيف عبد الحميد عبد السميع الشربيني"
    original = dataclasses.replace(original, design=design, claims={**original.claims, "name_ar": name})
    copy = dataclasses.replace(original, copy_number=88, copied_on=dt.date(2033, 9, 30))

    bare, marked = (seen(draw_certificate(one), page=1) for one in (original, copy))

    changed = ImageChops.difference(bare, marked).point(lambda value: 255 * (value > 0))
    assert changed.getbbox()
    assert ImageStat.Stat(bare, changed).extrema == [(255, 255)]


def seen(pdf: bytes, *, page: int) -> Image.Image:
    return pypdfium2.PdfDocument(pdf)[page].render(scale=2).to_pil().convert("L")


@pytest.fixture
def credential(demo_keys: list[SigningKey]) -> Credential:
    return issued_by(installed("skill_level"))


def copied(credential: Credential) -> dict[str, int]:
    """The jobs of a first copy by what they draw."""
    officer = MembershipFactory(role=RoleName.CERTIFYING_OFFICER, center=credential.center).user
    copy = issue_copy(credential_id=credential.pk, reason=Reason.LOST, by=officer)
    return {job.kind: job.pk for job in copy.render_jobs.all()}


def test_a_copy_of_a_design_with_a_card_is_drawn_as_both_files(credential: Credential):
    jobs = copied(credential)

    files = {kind: render_certificate(job_id=job) for kind, job in jobs.items()}

    assert set(files) == {FileKind.CERTIFICATE, FileKind.CARD}
    assert len({file.path for file in files.values() if file}) == 2


def test_the_wallet_offers_each_file_of_a_copy_when_it_is_there(credential: Credential):
    jobs = copied(credential)

    offered = [offered_copy(credential)]
    for kind in (FileKind.CARD, FileKind.CERTIFICATE):
        render_certificate(job_id=jobs[kind])
        offered.append(offered_copy(credential))

    assert offered == [[], [FileKind.CARD], [FileKind.CERTIFICATE, FileKind.CARD]]


def offered_copy(credential: Credential) -> list[str]:
    """What the wallet of its holder offers of the only copy."""
    return [file.kind for file in wallet_of(credential.holder).get().copies.get().artifacts.all()]
