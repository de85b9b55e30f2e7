"""A certificate has one sentence in each language, worded for the person, and no other wording in its design."""

import dataclasses
import json
import re
import subprocess
from pathlib import Path

import pymupdf
import pytest
from django.core.management import call_command

from accounts.enums import RoleName, Sex
from certificates.designs import NAMES, built_in_designs
from certificates.drawing import (
    GENDERS,
    SAMPLES,
    CertificateData,
    draw_certificate,
    find_problems,
    sample_certificate,
    with_gender,
)
from certificates.models import CertificateTemplate, SigningKey
from certificates.models.designs import SENTENCE
from certificates.services.proposing import propose
from tests.certificates.designer.test_designer import installed, with_body
from tests.certificates.designs import ASSETS, SITE, built_in, first_body, paper
from tests.certificates.drawing.test_drawing import text_of
from tests.external_programs import program
from tests.factories.accounts import MembershipFactory, PersonFactory
from tests.factories.certificates import approved, completed_enrollment, credential_type
from tests.factories.courses import CohortFactory
from typesetting import Direction, base_direction

SENTENCES = {
    "usual": ("تشهد وزارة العمل بأن", "قد أتمّ بنجاح البرنامج التدريبي"),
    "woman": ("تشهد وزارة العمل بأن", "قد أتمّت بنجاح البرنامج التدريبي"),
    "unknown_sex": ("تشهد وزارة العمل بإتمام", "بنجاح البرنامج التدريبي"),
}


def joined(text: str) -> str:
    return text.replace(" ", "")


def unadorned(trial: CertificateData) -> CertificateData:
    """Without code and ornaments, which take readers long and are not what is asked."""
    blocks = [one for one in trial.design["blocks"] if one["kind"] in {"field", "sentence", "text"}]
    design_for_person = [one for one in blocks if one.get("role") != "caption"]
    return dataclasses.replace(trial, design={**trial.design, "blocks": design_for_person})


def told_in_order(pdf: bytes, folder: Path) -> list[str]:
    """The texts of the elements of a file in the order of its structure, as poppler reads them."""
    file = folder / "told.pdf"
    file.write_bytes(pdf)
    command = [program("pdfinfo", package="poppler-utils"), "-struct-text", str(file)]
    said = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    texts = re.findall(r'^ *"(.*)"$', said, re.MULTILINE)
    # Poppler leaves Arabic as it is painted, from left to right.
    return [text[::-1] if base_direction(text) is Direction.RTL else text for text in texts]


@pytest.mark.parametrize("sample", SENTENCES)
def test_a_screen_reader_reads_opening_name_deed_and_program_in_each_language(sample: str, tmp_path: Path):
    trial = paper("completion", sample)
    opening, deed = SENTENCES[sample]
    claims = trial.claims

    told = told_in_order(draw_certificate(unadorned(trial)), tmp_path)

    arabic = [opening, claims["name_ar"], deed, claims["program_ar"]]
    english = [
        "The Ministry of Labor certifies that",
        claims["name_en"],
        "has successfully completed the vocational program",
        claims["program_en"],
    ]
    for column in (arabic, english):
        place = told.index(column[0])
        # Poppler reads glyphs, and none is a space where a line ends: tests/typesetting/test_structure.py.
        assert [joined(text) for text in told[place : place + 4]] == [joined(text) for text in column]


@pytest.mark.parametrize("name", NAMES)
def test_a_built_in_design_speaks_of_each_in_words_of_their_own(name: str):
    design = next(design for design in built_in_designs() if design.name == name)

    assert set(SENTENCE) <= design.wording.keys()
    # A record is a noun: it is the same of everybody.
    words = {tuple(design.wording[f"{part}_{form}_ar"] for part in ("opening", "deed")) for form in GENDERS}
    assert len(words) == (1 if name == "supplement" else 3)


def test_who_has_no_name_in_latin_letters_is_named_in_arabic_in_the_english_sentence(tmp_path: Path):
    told = told_in_order(draw_certificate(unadorned(paper("completion", "no_latin_name"))), tmp_path)

    place = told.index("The Ministry of Labor certifies that")
    assert told[place + 1] == "أحمد محمد عبد الرحمن الشربيني"


def test_a_chosen_design_has_no_trace_of_other_words():
    design = built_in("completion")

    chosen = with_gender(design, "female")

    assert chosen["deed_ar"] == "قد أتمّت بنجاح البرنامج التدريبي"
    assert not [name for name in chosen if any(f"_{form}_" in name for form in GENDERS)]
    assert with_gender(chosen, "male") == chosen


@pytest.mark.django_db
def test_certificates_speak_of_each_person_and_keep_no_ones_sex(demo_keys: list[SigningKey]):
    cohort, template = CohortFactory(), installed("completion")
    for sex in (Sex.MALE, Sex.FEMALE, ""):
        completed_enrollment(cohort, person=PersonFactory(sex=sex))
    manager = MembershipFactory(role=RoleName.CENTER_MANAGER, center=cohort.center).user

    credentials = approved(
        propose(cohort_id=cohort.pk, type_id=credential_type().pk, template_id=template.pk, by=manager)
    )

    said = {one.holder.sex: (one.design["opening_ar"], one.design["deed_ar"]) for one in credentials}
    assert said == dict(zip((Sex.MALE, Sex.FEMALE, ""), SENTENCES.values(), strict=True))
    for one in credentials:
        assert "sex" not in one.claims
        assert not {"deed_male_ar", "deed_female_ar", "deed_neutral_ar"} & one.design.keys()


@pytest.mark.django_db
def test_a_template_from_before_the_sentence_prints_its_statement_still():
    template = with_body(installed("completion"), first_body("completion"))
    template.statement_ar = "تشهد الوزارة لمن يلي اسمه"
    template.save()

    template.save_revision().publish()

    sample = sample_certificate("usual", design=template.design(), site=SITE)
    assert "تشهد الوزارة لمن يلي اسمه" in text_of(draw_certificate(sample))


@pytest.mark.django_db
def test_new_editions_come_next_to_designs_that_were_installed_earlier():
    design = next(design for design in built_in_designs() if design.name == "completion")
    old = CertificateTemplate.objects.create(
        name=design.title, built_in="completion", body=json.dumps(first_body("completion")), live=False
    )
    before = old.design()

    call_command("install_designs", verbosity=0)

    new = CertificateTemplate.objects.get(built_in="completion-3")
    assert new.name == f"{design.title} ({design.edition})"
    assert not new.live
    assert CertificateTemplate.objects.get(pk=old.pk).design() == before


# --- Sizes -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sample", SAMPLES)
@pytest.mark.parametrize("name", NAMES)
def test_no_letter_is_smaller_than_six_points(name: str, sample: str):
    trial = sample_certificate(sample, design=built_in(name), site=SITE, assets=ASSETS)

    sizes = sizes_in(draw_certificate(trial))
    if name == "skill_level":
        sizes |= sizes_in(draw_certificate(trial, card=True))

    assert min(sizes) >= 6


def sizes_in(pdf: bytes) -> set[float]:
    with pymupdf.open(stream=pdf) as document:
        return {
            round(span["size"], 2)
            for page in document
            for block in page.get_text("dict")["blocks"]
            for line in block.get("lines", ())
            for span in line["spans"]
        }


@pytest.mark.parametrize("name", NAMES)
def test_a_long_title_of_the_signatory_takes_two_lines_and_leaves_room_to_sign(name: str):
    design = built_in(
        name,
        signatory_title_ar="رئيس الإدارة المركزية للتدريب المهني",
        signatory_title_en="Head of the Central Department of Vocational Training",
    )

    found = find_problems([("usual", sample_certificate("usual", design=design, site=SITE, assets=ASSETS))])

    assert found.problems == []
