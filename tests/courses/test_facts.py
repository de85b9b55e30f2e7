"""Facts that papers print: fixed when a cohort opens, corrected by two officers of the ministry, taken over by the migration."""

import datetime as dt
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import PageLogEntry

from accounts.enums import RoleName
from accounts.models import AuditedModelLogEntry, Center, Membership, User
from courses import errors
from courses.enums import CohortState, FactsSource, FactsState
from courses.models import Cohort, CohortFacts, ProgramPage
from courses.queries.facts import corrections_to_decide, facts_in_force
from courses.services.cohorts import start_cohort
from courses.services.facts import ask_for_correction, decide_correction
from courses.signals import cohort_facts_corrected
from tests.database_owner import trigger_disabled
from tests.factories.accounts import UserFactory, deputy_for, staff_member
from tests.factories.courses import CohortFactory, corrected_facts, skill_level, taught_cohort

pytestmark = pytest.mark.django_db

migration = import_module("courses.migrations.0037_facts_of_cohorts")
REASON = "الساعات في القرار 160 لا 120"


@pytest.fixture
def officer() -> User:
    return staff_member(RoleName.MINISTRY_OFFICER)


@pytest.fixture
def second() -> User:
    return staff_member(RoleName.MINISTRY_OFFICER)


@pytest.fixture
def told() -> Iterator[list[dict[str, Any]]]:
    """What the signal told."""
    heard: list[dict[str, Any]] = []

    def hear(cohort: Cohort, changed: list[str], **_kwargs: Any) -> None:
        heard.append({"cohort": cohort.pk, "changed": changed})

    cohort_facts_corrected.connect(hear)
    yield heard
    cohort_facts_corrected.disconnect(hear)


def asked(cohort: Cohort, by: User, **facts: Any) -> CohortFacts:
    return ask_for_correction(cohort_id=cohort.pk, facts=facts or {"hours": 160}, reason=REASON, by=by)


def test_opening_fixes_the_facts_of_that_day():
    cohort = taught_cohort()

    row = facts_in_force(cohort)

    assert (row.number, row.source) == (1, FactsSource.OPENED)
    assert (row.facts["hours"], row.facts["level"], row.facts["center_ar"]) == (
        cohort.program.hours,
        cohort.program.level_id,
        cohort.center.name_ar,
    )
    assert row.facts["types"]["licence"]["rule"]


def test_a_planned_cohort_gets_its_facts_when_it_starts():
    cohort = CohortFactory(state=CohortState.PLANNED)

    start_cohort(cohort_id=cohort.pk, by=UserFactory())

    assert facts_in_force(cohort).facts["hours"] == cohort.program.hours


def test_a_second_officer_puts_a_correction_in_force(officer: User, second: User, told: list[dict[str, Any]]):
    cohort = CohortFactory()
    row = asked(cohort, officer)
    before = facts_in_force(cohort).facts["hours"]

    decide_correction(facts_id=row.pk, is_accepted=True, by=second)

    assert (before, facts_in_force(cohort).facts["hours"]) == (120, 160)
    assert told == [{"cohort": cohort.pk, "changed": ["hours"]}]
    logged = AuditedModelLogEntry.objects.get(action="courses.facts.correct")
    assert (logged.data["before"], logged.data["after"]) == ({"hours": "120"}, {"hours": "160"})
    assert logged.data["reason"] == REASON


def test_a_refused_correction_changes_nothing(officer: User, second: User, told: list[dict[str, Any]]):
    cohort = CohortFactory()
    row = asked(cohort, officer)

    decide_correction(facts_id=row.pk, is_accepted=False, by=second)

    assert (facts_in_force(cohort).facts["hours"], told) == (120, [])
    with pytest.raises(errors.FactsAreDecided):
        decide_correction(facts_id=row.pk, is_accepted=True, by=second)


def test_who_asked_takes_it_back_and_does_not_decide(officer: User, told: list[dict[str, Any]]):
    cohort = CohortFactory()
    row = asked(cohort, officer)

    with pytest.raises(errors.FactsByOneHand):
        decide_correction(facts_id=row.pk, is_accepted=True, by=officer)
    decide_correction(facts_id=row.pk, is_accepted=False, by=officer)

    assert (facts_in_force(cohort).facts["hours"], told) == (120, [])


def test_a_deputy_of_who_asked_does_not_decide(officer: User):
    row, deputy = asked(CohortFactory(), officer), UserFactory()
    deputy_for(Membership.objects.get(user=officer), deputy)

    with pytest.raises(errors.FactsByOneHand):
        decide_correction(facts_id=row.pk, is_accepted=True, by=deputy)


def test_it_waits_on_the_home_of_every_officer_but_who_asked(officer: User, second: User, center: Center):
    row = asked(CohortFactory(center=center), officer)

    waiting = {user: list(corrections_to_decide(user)) for user in (officer, second)}

    assert waiting == {officer: [], second: [row]}
    assert not corrections_to_decide(staff_member(RoleName.CENTER_MANAGER, center)).exists()


@pytest.mark.parametrize(
    "role", [RoleName.CENTER_MANAGER, RoleName.CERTIFYING_OFFICER, RoleName.MINISTRY_OFFICER]
)
def test_a_center_neither_asks_nor_decides(role: RoleName, officer: User, center: Center):
    cohort = CohortFactory(center=center)
    local = staff_member(role, center)

    with pytest.raises(errors.FactsOfTheMinistry):
        asked(cohort, local)
    with pytest.raises(errors.FactsOfTheMinistry):
        decide_correction(facts_id=asked(cohort, officer).pk, is_accepted=True, by=local)


def test_a_correction_says_why_and_changes_something(officer: User):
    cohort = CohortFactory()

    with pytest.raises(errors.ReasonMissing):
        ask_for_correction(cohort_id=cohort.pk, facts={"hours": 160}, reason=" ", by=officer)
    with pytest.raises(errors.SameFacts):
        asked(cohort, officer, hours=120)
    asked(cohort, officer)
    with pytest.raises(errors.FactsCorrectionWaits):
        asked(cohort, officer, hours=170)


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: rows.update(facts={}),
        lambda rows: rows.update(reason="آخر"),
        lambda rows: rows.delete(),
    ],
    ids=["facts", "reason", "deleted"],
)
def test_the_database_keeps_facts_as_they_were(change: Any):
    cohort = CohortFactory()
    corrected_facts(cohort, hours=160)

    with pytest.raises(IntegrityError), transaction.atomic():
        change(CohortFacts.objects.filter(cohort=cohort, number=2))

    assert facts_in_force(cohort).facts["hours"] == 160


def test_the_database_refuses_a_correction_by_one_login(officer: User):
    row = asked(CohortFactory(), officer)

    with pytest.raises(IntegrityError), transaction.atomic():
        CohortFacts.objects.filter(pk=row.pk).update(
            state=FactsState.ACCEPTED, decided_by=officer, decided_at=timezone.now()
        )


def test_officers_ask_and_decide_on_the_page_of_the_cohort(officer: User, second: User):
    cohort = CohortFactory()
    page = reverse("cohort:facts", args=[cohort.pk])
    first, other = Client(), Client()
    first.force_login(officer)
    other.force_login(second)
    form = first.get(page).context["form"]
    typed = {name: form.get_initial_for_field(field, name) or "" for name, field in form.fields.items()}

    first.post(page, {**typed, "hours": "160", "reason": REASON})
    read = other.get(page)
    other.post(reverse("cohort:decide_facts", args=[cohort.pk]), {"number": "2", "accept": "1"})

    (change,) = read.context["changes"]
    assert (change.name, change.before, change.value) == ("hours", "120", "160")
    assert REASON in read.content.decode()
    assert facts_in_force(cohort).facts["hours"] == 160


# --- The migration ------------------------------------------------------------------------------------------------


def taken_over(cohort: Cohort) -> CohortFacts:
    """The facts that the migration gives a cohort of old code."""
    with connection.cursor() as cursor:
        cursor.execute(migration.OF_OLD_COHORTS)
    return facts_in_force(cohort)


def old_cohort(program: ProgramPage, *, opened_at: dt.datetime | None) -> Cohort:
    cohort: Cohort = CohortFactory(program=program, facts=False)
    if opened_at:
        entry = log(cohort, "courses.cohort.open", user=UserFactory())
        with trigger_disabled("wagtailcore_modellogentry"):
            AuditedModelLogEntry.objects.filter(pk=entry.pk).update(timestamp=opened_at)
    return cohort


def published(program: ProgramPage, at: dt.datetime, **facts: Any) -> None:
    for name, fact in facts.items():
        setattr(program, name, fact)
    program.save_revision(user=UserFactory()).publish()
    program.refresh_from_db()
    newest = PageLogEntry.objects.filter(page=program, action="wagtail.publish").order_by("-timestamp")
    with trigger_disabled("wagtailcore_pagelogentry"):
        PageLogEntry.objects.filter(pk=newest.values("pk")[:1]).update(timestamp=at)
    ProgramPage.objects.filter(pk=program.pk).update(
        last_published_at=at, first_published_at=min(at, program.first_published_at)
    )


def test_the_migration_takes_the_revision_of_the_day_the_cohort_opened():
    now = timezone.now()
    program = CohortFactory().program
    published(
        program, now - dt.timedelta(days=90), title="لحام", hours=160, level=skill_level("semi_skilled")
    )
    cohort = old_cohort(program, opened_at=now - dt.timedelta(days=60))
    published(program, now - dt.timedelta(days=1), title="أخصائي", hours=900, level=skill_level("specialist"))

    row = taken_over(cohort)

    assert (row.source, row.at) == (FactsSource.OPENED, now - dt.timedelta(days=60))
    assert (row.facts["program_ar"], row.facts["hours"], row.facts["level"], row.facts["level_en"]) == (
        "لحام",
        160,
        "semi_skilled",
        skill_level("semi_skilled").name_en,
    )
    # All that a cohort gets that opens today.
    assert set(row.facts) == set(facts_in_force(CohortFactory()).facts)


@pytest.mark.parametrize("was_logged", [True, False])
def test_the_migration_marks_what_no_revision_shows(was_logged: bool):
    now = timezone.now()
    program = CohortFactory().program
    cohort = old_cohort(program, opened_at=now - dt.timedelta(days=60) if was_logged else None)
    published(program, now - dt.timedelta(days=1), hours=900)

    row = taken_over(cohort)

    assert (row.source, row.facts["hours"]) == (FactsSource.UPGRADE, 900)
    assert row.facts == facts_in_force(CohortFactory(program=program, center=cohort.center)).facts


def test_the_migration_leaves_planned_cohorts_and_those_with_facts():
    opened, planned = CohortFactory(), CohortFactory(state=CohortState.PLANNED)

    taken_over(opened)

    assert CohortFacts.objects.filter(cohort__in=(opened, planned)).count() == 1
