"""What a template takes from the visual identity: a legible accent, and the name of the authority in every place."""

import importlib

import pytest
from django.apps import apps
from wagtail.models import Site

from accounts.models import VisualIdentity
from certificates.models import CertificateTemplate
from tests.factories.certificates import CertificateTemplateFactory, built_in_template
from typesetting.colors import PAPER, contrast

pytestmark = pytest.mark.django_db


def identity(**changes: str) -> VisualIdentity:
    identity = VisualIdentity.for_site(Site.objects.get(is_default_site=True))
    for name, value in changes.items():
        setattr(identity, name, value)
    identity.save()
    return identity


@pytest.mark.parametrize("accent", ["#ffffff", "#fff7c2", "#f2b632"])
def test_titles_in_a_light_accent_pass_the_contrast_of_paper(accent: str):
    identity(accent=accent)
    template: CertificateTemplate = CertificateTemplateFactory()

    design = template.design()

    assert contrast(design["accent"], PAPER) >= 4.5


def test_a_light_accent_of_the_template_itself_is_darkened_too():
    template: CertificateTemplate = CertificateTemplateFactory(accent="#ffe9a8")

    assert contrast(template.design()["accent"], PAPER) >= 4.5


def test_an_accent_that_is_dark_enough_stays():
    identity(accent="#0d655c")

    assert CertificateTemplateFactory().design()["accent"] == "#0d655c"


@pytest.mark.parametrize("name", ["completion", "skill_level", "licence_card", "attendance"])
def test_a_renamed_authority_is_named_in_the_sentence_as_in_the_header(name: str):
    template = built_in_template(name)
    identity(authority_ar="وزارة القوى العاملة", authority_en="Ministry of Manpower")

    design = template.design()

    assert (design["authority_ar"], design["authority_en"]) == ("وزارة القوى العاملة", "Ministry of Manpower")
    for part in ("opening_male_ar", "opening_female_ar", "opening_neutral_ar"):
        assert design[part].startswith("تشهد وزارة القوى العاملة ")
    assert design["opening_en"] == "The Ministry of Manpower certifies that"


def test_a_typed_ministry_becomes_the_name_of_the_identity_by_the_migration():
    template = CertificateTemplateFactory(
        opening_male_ar="تشهد وزارة العمل بأن", opening_en="The Ministry of Labor certifies that"
    )
    template.save_revision()
    own = CertificateTemplateFactory(opening_en="The Academy certifies that")
    migration = importlib.import_module("certificates.migrations.0019_sentences_name_the_authority")

    migration.name_the_authority(apps, None)

    template.refresh_from_db()
    own.refresh_from_db()
    draft = template.latest_revision.as_object()
    assert {template.opening_male_ar, draft.opening_male_ar} == {"تشهد {authority} بأن"}
    assert {template.opening_en, draft.opening_en} == {"The {authority} certifies that"}
    assert own.opening_en == "The Academy certifies that"
