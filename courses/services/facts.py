"""Facts that papers print: fixed when a cohort opens, corrected by two officers of the ministry."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from wagtail.log_actions import log

from accounts.enums import Act
from accounts.models import User
from accounts.scoping import may_everywhere
from accounts.scoping.hands import is_of_one_hand
from courses.enums import FactsSource, FactsState
from courses.errors import (
    FactsAreDecided,
    FactsByOneHand,
    FactsCorrectionWaits,
    FactsOfTheMinistry,
    ReasonMissing,
    SameFacts,
)
from courses.models import Cohort, CohortFacts
from courses.queries.facts import changed_facts, facts_in_force, facts_in_words, facts_today
from courses.services.locks import locked_cohort
from courses.signals import cohort_facts_corrected


@transaction.atomic
def freeze_facts(*, cohort: Cohort, by: User | None) -> None:
    """Fix what is published now for a cohort that the caller made or has locked; nothing where its facts are fixed already."""
    if not cohort.facts.exists():
        facts = facts_today(program_id=cohort.program_id, center_id=cohort.center_id)
        CohortFacts.objects.create(cohort=cohort, number=1, facts=facts, source=FactsSource.OPENED, by=by)


@transaction.atomic
def ask_for_correction(*, cohort_id: int, facts: Mapping[str, Any], reason: str, by: User) -> CohortFacts:
    """Ask a second officer of the ministry to correct facts of a cohort. `facts` are those that change; nothing changes yet.

    Raises `FactsOfTheMinistry`, `ReasonMissing`, `FactsNotFrozen`, `FactsCorrectionWaits`, `SameFacts`.
    """
    reason = _checked(reason, by)
    cohort = locked_cohort(cohort_id)
    before = facts_in_force(cohort).facts
    if cohort.facts.filter(state=FactsState.WAITING).exists():
        raise FactsCorrectionWaits
    after = {**before, **facts}
    changed = changed_facts(before, after)
    if not changed:
        raise SameFacts
    row = CohortFacts.objects.create(
        cohort=cohort,
        number=_next_number(cohort),
        facts=after,
        source=FactsSource.CORRECTED,
        state=FactsState.WAITING,
        reason=reason,
        by=by,
    )
    log(cohort, "courses.facts.ask", user=by, data={**_as_logged(before, after), "reason": reason})
    return row


@transaction.atomic
def decide_correction(*, facts_id: int, is_accepted: bool, by: User) -> CohortFacts:
    """Put corrected facts in force, or refuse them. Sends `cohort_facts_corrected` where they are put in force.

    Raises `FactsOfTheMinistry`, `FactsAreDecided`, and `FactsByOneHand` for who asked.
    """
    if not may_everywhere(by, Act.SET_RULES):
        raise FactsOfTheMinistry
    cohort = locked_cohort(CohortFacts.objects.values_list("cohort", flat=True).get(pk=facts_id))
    row = CohortFacts.objects.select_for_update(of=("self",)).get(pk=facts_id)
    if row.state != FactsState.WAITING:
        raise FactsAreDecided
    # Refusing one's own is taking it back.
    if is_accepted and is_by(by, row):
        raise FactsByOneHand
    before = facts_in_force(cohort).facts
    row.state = FactsState.ACCEPTED if is_accepted else FactsState.REFUSED
    row.decided_by, row.decided_at = by, timezone.now()
    row.save(update_fields=["state", "decided_by", "decided_at"])
    logged = {**_as_logged(before, row.facts), "reason": row.reason}
    if not is_accepted:
        log(cohort, "courses.facts.refuse", user=by, data=logged)
        return row
    log(cohort, "courses.facts.correct", user=by, data=logged)
    changed = changed_facts(before, row.facts)
    cohort_facts_corrected.send(sender=Cohort, cohort=cohort, changed=changed)
    return row


@transaction.atomic
def note_compared(*, cohort_id: int, by: User) -> None:
    """Note that an officer compared facts of before the upgrade with the records of the cohort. Nothing where that was done.

    The caller has checked the right of the officer, who decides about the first papers.
    """
    cohort = locked_cohort(cohort_id)
    row = facts_in_force(cohort)
    if row.source == FactsSource.UPGRADE:
        cohort.facts.create(number=_next_number(cohort), facts=row.facts, source=FactsSource.COMPARED, by=by)
        log(cohort, "courses.facts.compare", user=by)


def is_by(user: User, correction: CohortFacts) -> bool:
    """Whether `user`, or one who counts as `user`, asked for a correction."""
    asked = [correction.by_id] if correction.by_id else []
    return is_of_one_hand(user, asked, Act.SET_RULES, on=correction.at)


def _checked(reason: str, by: User) -> str:
    if not may_everywhere(by, Act.SET_RULES):
        raise FactsOfTheMinistry
    reason = reason.strip()
    if not reason:
        raise ReasonMissing
    return reason


def _next_number(cohort: Cohort) -> int:
    return int(cohort.facts.aggregate(last=Max("number"))["last"]) + 1


def _as_logged(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    words = facts_in_words(after, before)
    return {
        "before": {word.name: word.before for word in words},
        "after": {word.name: word.value for word in words},
    }
