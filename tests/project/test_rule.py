"""The table of permissions: pages and documentation are generated from it."""

from pathlib import Path

import pytest
from django.apps import apps
from wagtail.permissions import policy_registry

from accounts.enums import Act
from accounts.roles import ROLES, roles_with
from accounts.rule import RULE
from scripts.permissions import page
from tests.project.test_fence import PAGES

DOCS = Path(__file__).resolve().parents[2] / "docs" / "reference" / "permissions.md"
VIEWSETS = {type(page.viewset): page.viewset for page in PAGES if hasattr(page.viewset, "acts")}


def test_the_documentation_prints_the_rule():
    assert DOCS.read_text() == page(), "run: python -m scripts.permissions > docs/reference/permissions.md"


@pytest.mark.parametrize("viewset", VIEWSETS.values(), ids=lambda viewset: type(viewset).__name__)
def test_staff_pages_read_their_acts_from_the_rule(viewset):
    assert "acts" not in vars(type(viewset))
    assert viewset.acts == {verb: grant.act for verb, grant in RULE[viewset.model._meta.label].items()}


@pytest.mark.parametrize("label", RULE)
def test_every_object_of_the_rule_is_a_model_and_every_verb_is_allowed_to_a_role(label: str):
    apps.get_model(label)

    assert [verb for verb, grant in RULE[label].items() if not roles_with(grant.act)] == []


def test_every_act_is_in_the_rule_or_asked_elsewhere_by_name():
    in_the_rule = {grant.act for verbs in RULE.values() for grant in verbs.values()}

    # Asked by services and pages that have no verb on a row of their own.
    assert set(Act) - in_the_rule == {Act.INSPECT_CLASSES, Act.TEACH}


@pytest.mark.parametrize("label", ["wagtailcore.Page", "wagtailimages.Image", "wagtaildocs.Document"])
def test_content_of_wagtail_is_behind_a_policy_of_ours(label: str):
    policy = policy_registry.get_by_type(apps.get_model(label))

    assert type(policy).__module__ == "accounts.scoping.content"


def test_the_auditor_and_the_inspector_change_nothing():
    changing = {
        grant.act
        for verbs in RULE.values()
        for verb, grant in verbs.items()
        if verb not in {"view", "choose", "outlook", "count"}
    }

    for role in ("auditor", "inspector"):
        assert ROLES[role].acts & changing == set()
