"""A box may have any typed size; content that does not fit is reported."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from certificates.designs import NAMES
from certificates.drawing import Problem, find_problems, sample_certificate
from certificates.errors import DesignNotPrintable
from certificates.models import CertificateTemplate
from tests.certificates.designer.test_designer import EDIT, body_of, editor, installed, posted
from tests.certificates.designs import ASSETS, SITE, built_in, first_body

__all__ = ["editor"]


@pytest.mark.parametrize("side", ["width", "height"])
@pytest.mark.parametrize("name", NAMES)
def test_the_smallest_box_of_each_block_is_drawn_or_reported(name: str, side: str):
    design = built_in(name)
    blocks = [{**block, "place": {**block["place"], side: 0.1}} for block in design["blocks"]]
    small = sample_certificate("usual", design={**design, "blocks": blocks}, site=SITE, assets=ASSETS)

    found = {finding.problem for finding in find_problems([("usual", small)]).problems}

    assert found >= {Problem.OVERFLOW, Problem.QR_TOO_SMALL}


@pytest.mark.parametrize("height", [3, 12, 18])
def test_a_list_of_units_is_never_drawn_below_its_box(height: float):
    design = built_in("supplement")
    blocks = [
        {**block, "place": {**block["place"], "height": height}} if block["kind"] == "record" else block
        for block in design["blocks"]
    ]
    low = sample_certificate("usual", design={**design, "blocks": blocks}, site=SITE, assets=ASSETS)

    assert {finding.problem for finding in find_problems([("usual", low)]).problems} == {Problem.OVERFLOW}


def emptied(kind: str) -> CertificateTemplate:
    """A draft with a block that has no height, as an older editor stored it."""
    template = installed("completion", live=False)
    body = first_body("completion")
    for block in body:
        if block["type"] == kind:
            block["value"]["place"]["height"] = 0
    template.body = json.dumps(body)
    template.save()
    return template


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["frame", "image", "list"])
def test_a_box_without_height_stored_once_is_a_finding(kind: str):
    template = emptied(kind)

    assert Problem.INCOMPLETE in {finding.problem for finding in template.findings().problems}
    with pytest.raises(DesignNotPrintable):
        template.save_revision().publish()
    assert template.make_preview_request(preview_mode="bogus").status_code == 200


@pytest.mark.django_db
def test_the_editor_takes_no_box_without_width(editor: Client):
    template, body = installed("completion", live=False), body_of("completion")
    body[0]["value"]["place"]["width"] = 0

    response = editor.post(
        reverse(EDIT, args=[template.pk]), posted(template, body), headers={"accept-language": "en"}
    )

    assert response.status_code == 200
    assert "greater than or equal to 0.1" in response.content.decode()
