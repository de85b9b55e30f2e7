"""A supplement lists what was studied, unit by unit, on as many pages as it takes."""

import dataclasses
import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import Decimal

import pypdfium2
import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from certificates.designs import NAMES
from certificates.drawing import draw_certificate
from certificates.enums import BlockingReason, Reason, RowState
from certificates.errors import NothingToPropose, TemplateListsNothing
from certificates.models import CertificateTemplate, Credential, Proposal
from certificates.services.proposing import propose, propose_correction, propose_on_prerequisite
from courses.models import Cohort, Enrollment, UnitProgress
from tests.certificates.designs import built_in, paper
from tests.factories.accounts import MembershipFactory
from tests.factories.certificates import (
    CertificateTemplateFactory,
    approved,
    built_in_template,
    completed_enrollment,
    credential_type,
    issued,
)
from tests.factories.courses import CohortFactory, taught_cohort
from tests.factories.signing_keys import with_demo_keys
from typesetting import TextDoesNotFit
from typesetting.lint import lint
from typesetting.lint.subject import Subject


def manager_of(cohort: Cohort) -> User:
    return MembershipFactory(role="center_manager", center=cohort.center).user


def studied(cohort: Cohort) -> Enrollment:
    """Somebody who completed the program: the first unit yesterday with a score, the others not marked."""
    enrollment = completed_enrollment(cohort, score="87.50")
    now = timezone.now()
    for number, unit in enumerate(cohort.content_version.units):
        UnitProgress.objects.create(
            enrollment=enrollment,
            unit_key=unit["unit"],
            opened_at=now,
            updated_at=now,
            allowed_at=now,
            completed_at=now - dt.timedelta(days=1) if number == 0 else now,
            score=Decimal("91.25") if number == 0 else None,
            scores=[Decimal("91.25")] if number == 0 else [],
        )
    return enrollment


def proposed_supplement(cohort: Cohort, **changes: object) -> Proposal:
    with_demo_keys()
    template = built_in_template("supplement")
    CertificateTemplate.objects.filter(pk=template.pk).update(kinds=["supplement", "completion"])
    claims = {
        "cohort_id": cohort.pk,
        "type_id": credential_type("supplement").pk,
        "template_id": template.pk,
        "by": manager_of(cohort),
    }
    return propose(**(claims | changes))


def certified(cohort: Cohort) -> list[Credential]:
    """The certificates of a cohort, to which its supplements belong."""
    return approved(proposed_supplement(cohort, type_id=credential_type().pk))


@pytest.fixture
def cohort(db: None) -> Cohort:
    return taught_cohort()


def text_of(pdf: bytes) -> list[str]:
    return [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf)]


# --- What it says ------------------------------------------------------------------------------------------------


def test_a_supplement_freezes_every_unit_and_what_was_reached(cohort: Cohort):
    studied(cohort)
    certified(cohort)

    (credential,) = approved(proposed_supplement(cohort))

    titles = [unit["title"] for unit in cohort.content_version.units]
    today = timezone.localdate()
    yesterday = today - dt.timedelta(days=1)
    assert credential.claims["units"] == [
        {
            "title_ar": titles[0],
            "title_en": titles[0],
            "completed_on": yesterday.isoformat(),
            "score": "91.25",
        },
        {"title_ar": titles[1], "title_en": titles[1], "completed_on": today.isoformat(), "score": None},
    ]
    assert credential.claims["attendance_percent"] == 92
    assert credential.claims["score_percent"] == "87.50"


def test_other_kinds_do_not_contain_the_record_of_study(cohort: Cohort):
    studied(cohort)

    (credential,) = approved(proposed_supplement(cohort, type_id=credential_type().pk))

    assert not {"units", "attendance_percent", "score_percent", "attended_hours"} & credential.claims.keys()


def test_a_supplement_names_the_certificate_it_belongs_to(cohort: Cohort):
    enrollment = studied(cohort)
    (certificate,) = approved(proposed_supplement(cohort, type_id=credential_type().pk))
    issued(CohortFactory(), person=enrollment.person)
    type_ = credential_type("supplement", prerequisite=credential_type())

    (supplement,) = approved(proposed_supplement(cohort, type_id=type_.pk))

    assert supplement.claims["basis"] == certificate.number


def test_a_supplement_does_not_name_the_certificate_of_another_program(cohort: Cohort):
    issued(CohortFactory(), person=studied(cohort).person)
    type_ = credential_type("supplement", prerequisite=credential_type())

    with pytest.raises(NothingToPropose):
        proposed_supplement(cohort, type_id=type_.pk)


def test_what_was_studied_later_changes_no_supplement(cohort: Cohort):
    enrollment = studied(cohort)
    certified(cohort)
    (credential,) = approved(proposed_supplement(cohort))
    before = credential.claims

    enrollment.progress.update(score=Decimal("99.00"), scores=[Decimal("91.25"), Decimal("99.00")])

    assert Credential.objects.get(pk=credential.pk).claims == before


# --- Ways to it --------------------------------------------------------------------------------------------------


def test_a_supplement_without_units_is_not_issued(db: None):
    cohort = CohortFactory()
    completed_enrollment(cohort)

    with pytest.raises(NothingToPropose):
        proposed_supplement(cohort)


def test_a_template_without_a_list_is_refused_for_supplements(cohort: Cohort):
    studied(cohort)

    with pytest.raises(TemplateListsNothing):
        proposed_supplement(cohort, template_id=CertificateTemplateFactory().pk)
    assert not Proposal.objects.exists()


def test_a_supplement_may_stand_on_a_certificate_of_a_course_taught_here(cohort: Cohort):
    studied(cohort)
    (certificate,) = approved(proposed_supplement(cohort, type_id=credential_type().pk))
    elsewhere = issued(CohortFactory(center=cohort.center))
    type_ = credential_type("supplement", prerequisite=credential_type())

    proposal = propose_on_prerequisite(
        type_id=type_.pk,
        prerequisite_ids=[certificate.pk, elsewhere.pk],
        template_id=built_in_template("supplement").pk,
        by=manager_of(cohort),
    )

    listed, blocked = proposal.rows.order_by("pk")
    assert [unit["score"] for unit in listed.claims["units"]] == ["91.25", None]
    assert listed.claims["basis"] == certificate.number
    assert blocked.state == RowState.BLOCKED
    assert [block["code"] for block in blocked.blocking_reasons] == [BlockingReason.NO_RECORD]


def test_a_corrected_supplement_keeps_its_list(cohort: Cohort):
    studied(cohort)
    (certificate,) = approved(proposed_supplement(cohort, type_id=credential_type().pk))
    type_ = credential_type("supplement", prerequisite=credential_type())
    template, manager = built_in_template("supplement"), manager_of(cohort)
    (old,) = approved(
        propose_on_prerequisite(
            type_id=type_.pk, prerequisite_ids=[certificate.pk], template_id=template.pk, by=manager
        )
    )
    old.holder.full_name_en = "Another Spelling"
    old.holder.save()

    (new,) = approved(
        propose_correction(
            credential_id=old.pk, reason=Reason.NAME_CORRECTED, template_id=template.pk, by=manager
        )
    )

    assert new.claims["units"] == old.claims["units"]
    assert new.claims["name_en"] == "Another Spelling" != old.claims["name_en"]


@pytest.mark.parametrize("people", [1, 3])
def test_a_list_costs_the_same_questions_however_many_people(
    cohort: Cohort, people: int, django_assert_num_queries: Callable[[int], AbstractContextManager[object]]
):
    for _ in range(people):
        studied(cohort)
    certified(cohort)
    template, manager = built_in_template("supplement"), manager_of(cohort)
    type_ = credential_type("supplement")

    ContentType.objects.clear_cache()

    # Some ask for the certificates that the supplements belong to, and for what puts those in doubt; two lock the people.
    with django_assert_num_queries(48):
        propose(cohort_id=cohort.pk, type_id=type_.pk, template_id=template.pk, by=manager)


# --- Where it is read --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ar", ["الدروس المكتوبة في الورقة", "٩١٫٢٥٪", "٩٢٪"]),
        ("en", ["Units on the paper", "91.25%", "92%"]),
    ],
)
def test_the_public_page_lists_the_printed_units(
    cohort: Cohort, client: Client, language: str, words: list[str]
):
    studied(cohort)
    certified(cohort)
    (credential,) = approved(proposed_supplement(cohort))

    with translation.override(language):
        page = client.get(
            reverse("certificates:verify", args=[credential.code]), headers={"accept-language": language}
        ).content.decode()

    titles = [unit["title_ar"] for unit in credential.claims["units"]]
    assert [word for word in [*words, *titles] if word not in page] == []


# --- On paper ----------------------------------------------------------------------------------------------------


def test_a_long_list_continues_on_pages_that_name_the_certificate():
    supplement = paper("supplement", "long_program")

    pages = text_of(draw_certificate(supplement))

    assert len(pages) > 2
    assert all(supplement.number in page for page in pages)
    assert all(supplement.claims["name_ar"] in page for page in pages)
    assert [f"{number} / {len(pages)}" in page for number, page in enumerate(pages, start=1)][1:] == [
        True
    ] * (len(pages) - 1)
    numbers = {word for page in pages for word in page.split() if word.isdigit()}
    assert {str(number) for number in range(1, len(supplement.claims["units"]) + 1)} <= numbers


@pytest.mark.parametrize("sample", ["usual", "long_program"])
def test_its_list_is_one_table_for_archives_and_screen_readers(sample: str):
    assert lint(draw_certificate(paper("supplement", sample))) == []


def test_units_on_further_pages_belong_to_the_list_whatever_table_follows_it():
    design = built_in("supplement")
    claims = {
        "kind": "table",
        "language": "ar",
        "columns": [{"header": "المركز", "fact": "center_ar"}, {"header": "الكود", "fact": "program_code"}],
        "size": 8,
        "min_size": 4,
        "place": {"side": "page", "x": 20, "y": 240, "width": 170, "height": 14},
    }
    supplement = dataclasses.replace(
        paper("supplement", "long_program"), design={**design, "blocks": [*design["blocks"], claims]}
    )

    with Subject.open(draw_certificate(supplement)) as subject:
        tables = [element for element in subject.all_elements if element.role == "Table"]

    units = len(supplement.claims["units"])
    assert [[len(row.kids) for row in table.kids] for table in tables] == [[5] * (1 + units), [2] * 2]


def test_every_page_of_a_copy_says_that_it_is_one():
    copy = dataclasses.replace(
        paper("supplement", "long_program"), copy_number=2, copied_on=dt.date(2026, 12, 28)
    )

    assert all("Copy no. 2" in page for page in text_of(draw_certificate(copy)))


def test_a_unit_without_a_day_or_a_score_says_so():
    supplement = paper("supplement")
    units = [{"title_ar": "اللحام", "title_en": "Welding", "completed_on": None, "score": None}]

    (page,) = text_of(
        draw_certificate(dataclasses.replace(supplement, claims={**supplement.claims, "units": units}))
    )

    assert page.count("–") >= 2


def test_a_card_that_cannot_hold_its_list_is_refused():
    card = built_in("licence_card")
    place = {"side": "front", "x": 4, "y": 14, "width": 77, "height": 20}
    record = {"kind": "record", "size": 6, "min_size": 5, "place": place}
    design = {**card, "blocks": [*card["blocks"], record]}

    with pytest.raises(TextDoesNotFit):
        draw_certificate(dataclasses.replace(paper("licence_card", "long_program"), design=design))


@pytest.mark.parametrize("name", [name for name in NAMES if name != "supplement"])
def test_designs_without_a_list_take_one_page_or_card(name: str):
    assert len(text_of(draw_certificate(paper(name, "long_program")))) <= 2
