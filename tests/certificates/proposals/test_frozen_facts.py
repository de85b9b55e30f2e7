"""What papers print of program, center and kind is fixed when a cohort opens, whatever is published since."""

import json
import random
from typing import Any

import pytest
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale

from accounts.enums import RoleName
from accounts.models import Center, Governorate, User
from certificates import errors
from certificates.enums import Reason
from certificates.models import CredentialType, IssuingRule, ProposalRow
from certificates.services.claims import cohort_claims, rule_of
from certificates.services.deciding import approve
from certificates.services.proposing import propose_correction
from courses.clauses import Clauses, Score
from courses.enums import CohortState, FactsSource
from courses.models import Cohort, CohortFacts, ProgramPage, SkillLevel
from courses.queries.facts import facts_in_force
from courses.services.completion import set_completion_rule
from tests.certificates.browsers import confirmed
from tests.factories.accounts import UserFactory, staff_member
from tests.factories.certificates import (
    CertificateTemplateFactory,
    approved,
    completed_enrollment,
    corrected,
    credential_type,
    issued_for,
    proposed,
    proposed_for,
)
from tests.factories.courses import CohortFactory, corrected_facts, skill_level

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(center: Center) -> User:
    return staff_member(RoleName.CENTER_MANAGER, center)


def semi_skilled(center: Center, **facts: Any) -> Cohort:
    """A closed cohort of a program of 160 hours for the semi-skilled."""
    return CohortFactory(
        center=center,
        state=CohortState.CLOSED,
        program__title="لحام القوس الكهربائي",
        program__hours=160,
        program__level=skill_level("semi_skilled"),
        **facts,
    )


def published_as_specialist(program: ProgramPage) -> None:
    program.title, program.hours, program.level = "أخصائي اللحام", 900, skill_level("specialist")
    program.save()


def facts_of(claims: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(claims[name] for name in ("program_ar", "level", "hours"))


THEN = ("لحام القوس الكهربائي", "semi_skilled", 160)


def test_a_closed_cohort_is_proposed_with_what_it_opened_with(center: Center):
    cohort = semi_skilled(center)
    published_as_specialist(cohort.program)

    proposal = proposed(cohort)

    assert facts_of(proposal.rows.get().claims) == THEN


def test_a_corrected_name_changes_the_name_and_nothing_else(center: Center, manager: User):
    cohort = semi_skilled(center)
    completed_enrollment(cohort)
    old = issued_for(cohort)
    published_as_specialist(cohort.program)
    Center.objects.filter(pk=center.pk).update(name_ar="مركز آخر")
    corrected_facts(cohort, hours=170)
    old.holder.full_name_ar = "منى السيد عبد الرحمن علي"
    old.holder.save()

    new = corrected(old, by=manager)

    assert new.claims == {**old.claims, "name_ar": "منى السيد عبد الرحمن علي"}


def test_corrected_facts_leave_the_name_as_it_was(center: Center, manager: User):
    cohort = semi_skilled(center)
    completed_enrollment(cohort)
    old = issued_for(cohort)
    corrected_facts(cohort, hours=170)
    old.holder.full_name_ar = "منى السيد عبد الرحمن علي"
    old.holder.save()

    (new,) = approved(
        propose_correction(
            credential_id=old.pk,
            reason=Reason.FACTS_CORRECTED,
            template_id=CertificateTemplateFactory().pk,
            by=manager,
        )
    )

    assert new.claims == {**old.claims, "hours": 170}


def test_the_officer_reads_every_claim_that_a_correction_changes(
    client: Client, center: Center, manager: User
):
    cohort = semi_skilled(center)
    completed_enrollment(cohort)
    old = issued_for(cohort)
    corrected_facts(cohort, hours=170, center_ar="مركز التدريب بشبرا")
    proposal = propose_correction(
        credential_id=old.pk,
        reason=Reason.FACTS_CORRECTED,
        template_id=CertificateTemplateFactory().pk,
        by=manager,
    )
    client.force_login(staff_member(RoleName.CERTIFYING_OFFICER, center))

    page = client.get(reverse("proposals:inspect", args=[proposal.pk]))

    changes = {(change.name, change.before, change.value) for change in page.context["corrected"]}
    assert changes == {("hours", "160", "170"), ("center_ar", center.name_ar, "مركز التدريب بشبرا")}
    assert "مركز التدريب بشبرا" in page.content.decode()


def other(field: models.Field, value: Any, chance: random.Random) -> Any:
    """Another value for a field; the same where it holds a key or what is not text or number."""
    match field:
        case models.ForeignKey(related_model=related) if related in (SkillLevel, Governorate):
            return chance.choice(list(related.objects.exclude(pk=value).values_list("pk", flat=True)))
        case models.BooleanField():
            return not value
        case models.PositiveIntegerField() | models.PositiveSmallIntegerField():
            return value if field.unique else chance.randrange(1, 900)
        case models.CharField() | models.TextField() if not (field.unique or field.choices):
            return "".join(chance.choices("أبتثجحخد 0123abc", k=min(12, field.max_length or 12)))
    return value


# What a change of the site itself would break, and none of the facts.
STRUCTURE = {
    "path",
    "depth",
    "numchild",
    "url_path",
    "slug",
    "live",
    "code",
    "locked",
    "is_active",
    "alias_of",
}


def edit_every_field(row: models.Model, chance: random.Random) -> None:
    for field in row._meta.concrete_fields:
        is_page_code = isinstance(row, ProgramPage) and field.name == "code"
        if not field.primary_key and (field.name not in STRUCTURE or is_page_code):
            setattr(row, field.attname, other(field, field.value_from_object(row), chance))
    row.save()


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("state", [CohortState.OPEN, CohortState.RUNNING, CohortState.CLOSED])
def test_no_edit_of_any_field_changes_a_claim_of_a_cohort_that_opened(state: CohortState, seed: int):
    english, _is_new = Locale.objects.get_or_create(language_code="en")
    program = CohortFactory().program
    catalog = program.get_parent()
    translated = ProgramPage(
        title="Welding", slug="welding-en", locale=english, translation_key=program.translation_key,
        code="WEL", sector=program.sector, level=program.level, hours=80, summary="Welding."
    )  # fmt: skip
    catalog.add_child(instance=translated)
    credential_type("skill-level", asks=Clauses(score=Score(60)))
    cohort = CohortFactory(program=program, state=state)

    def printed() -> str:
        again = Cohort.objects.get(pk=cohort.pk)
        kinds = CredentialType.objects.prefetch_related("rules").order_by("pk")
        rules = [getattr(rule_of(kind, facts_in_force(again).facts), "pk", None) for kind in kinds]
        claims = [cohort_claims(again, kind) for kind in kinds]
        return json.dumps([claims, rules, again.completion_rule_id], sort_keys=True, ensure_ascii=False)

    before = printed()
    assert "Welding" in before

    chance = random.Random(seed)
    center = cohort.center
    for row in (
        program,
        translated,
        program.level,
        center.governorate,
        center,
        *CredentialType.objects.all(),
    ):
        edit_every_field(row, chance)
    for kind in CredentialType.objects.all():
        IssuingRule.objects.create(type=kind, version=90, clauses=Clauses(attendance=99).as_list())
    set_completion_rule(program_id=program.pk, by=UserFactory(), asks=Clauses(attendance=99))

    assert printed() == before


def test_what_was_proposed_before_a_correction_is_not_approved(center: Center):
    cohort = semi_skilled(center)
    proposal = proposed(cohort)
    corrected_facts(cohort, hours=170)

    with pytest.raises(errors.FactsCorrectedSince):
        approved(proposal)


def of_before_the_upgrade(cohort: Cohort) -> Cohort:
    facts = CohortFacts(cohort=cohort, number=1, facts=_facts_of_today(cohort), source=FactsSource.UPGRADE)
    facts.save()
    return cohort


def _facts_of_today(cohort: Cohort) -> dict[str, Any]:
    return facts_in_force(CohortFactory(program=cohort.program, center=cohort.center)).facts


def test_the_first_paper_on_facts_of_the_upgrade_asks_the_officer(center: Center):
    cohort = of_before_the_upgrade(semi_skilled(center, facts=False))
    proposal = proposed(cohort)
    officer = staff_member(RoleName.CERTIFYING_OFFICER, center)

    with pytest.raises(errors.FactsNotCompared):
        approved(proposal)
    approve(proposal_id=proposal.pk, by=officer, confirmed_at=timezone.now(), facts_compared=True)

    assert facts_in_force(cohort).source == FactsSource.COMPARED
    assert facts_in_force(cohort).by == officer
    # The second one asks no more.
    completed_enrollment(cohort)
    approved(proposed_for(cohort))


def test_the_page_shows_the_facts_to_compare_and_takes_the_tick(center: Center):
    cohort = of_before_the_upgrade(semi_skilled(center, facts=False))
    proposal = proposed(cohort)
    client = confirmed(staff_member(RoleName.CERTIFYING_OFFICER, center))

    page = client.get(reverse("proposals:inspect", args=[proposal.pk]))
    shown = page.context["shown_design"]
    client.post(reverse("proposals:approve", args=[proposal.pk]), {"shown_design": shown})
    refused = ProposalRow.objects.get(proposal=proposal).state
    client.post(
        reverse("proposals:approve", args=[proposal.pk]), {"shown_design": shown, "facts_compared": "on"}
    )

    assert "160" in {fact.value for fact in page.context["facts_to_compare"]}
    assert (refused, ProposalRow.objects.get(proposal=proposal).state) == ("eligible", "approved")


def test_a_cohort_that_never_opened_has_nothing_to_print():
    cohort = CohortFactory(state=CohortState.PLANNED)

    with pytest.raises(Exception, match=cohort.code):
        cohort_claims(cohort, CredentialType.objects.first())
