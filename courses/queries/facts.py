"""Facts that papers print: as they were fixed for a cohort, and as they are published today."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.enums import Act
from accounts.models import Center, User
from accounts.scoping import fenced, may_everywhere
from accounts.scoping.hands import done_for, hands_shown
from courses.enums import FactsSource, FactsState
from courses.errors import FactsNotFrozen
from courses.models import Cohort, CohortFacts, ProgramPage

type Facts = dict[str, Any]
type FactsAsked = Callable[[], Facts]

_SOURCES: list[FactsAsked] = []

# In the order in which pages show them.
FACT_LABELS = {
    "program_ar": _("title of the program in Arabic"),
    "program_en": _("title of the program in English"),
    "program_code": _("code of the program"),
    "occupation_code": _("ISCO-08 code"),
    "level": _("code of the level"),
    "level_ar": _("level in Arabic"),
    "level_en": _("level in English"),
    "hours": _("hours of the program"),
    "center_ar": _("name of the center in Arabic"),
    "center_en": _("name of the center in English"),
    "governorate_ar": _("governorate in Arabic"),
    "governorate_en": _("governorate in English"),
    "types": _("names and rules of kinds of certificates"),
}

# Of these, what is printed as it is.
PRINTED = tuple(name for name in FACT_LABELS if name != "types")


@dataclass(frozen=True)
class Fact:
    """A fact with its name and its label; `before` is what it was, where it changes."""

    name: str
    label: str
    value: str
    before: str = ""


def register_facts(source: FactsAsked) -> FactsAsked:
    """Fix what this function returns, too, when a cohort opens. A decorator, for apps above this one."""
    _SOURCES.append(source)
    return source


def further_facts() -> Facts:
    """What apps above have fixed when a cohort opens, as of today. A query for each of them."""
    return {name: fact for source in _SOURCES for name, fact in source().items()}


def facts_today(*, program_id: int, center_id: int) -> Facts:
    """What is published of a program and a center now. `program_id` is the page in the source language.

    Three queries, and those of `further_facts`.
    """
    center = Center.objects.select_related("governorate").get(pk=center_id)
    return {
        **facts_of_program(ProgramPage.objects.select_related("level").get(pk=program_id)),
        "center_ar": center.name_ar,
        "center_en": center.name_en,
        "governorate_ar": center.governorate.name_ar,
        "governorate_en": center.governorate.name_en,
        **further_facts(),
    }


def facts_of_program(program: ProgramPage) -> Facts:
    """What its page says now. A language in which it is not published has the title of this page. One query where its level is loaded."""
    translations = program.get_translations(inclusive=True).filter(Q(live=True) | Q(pk=program.pk))
    titles = dict(translations.values_list("locale__language_code", "title"))
    return {
        **{f"program_{language}": titles.get(language) or program.title for language in ("ar", "en")},
        "level": program.level_id,
        "level_ar": program.level.name_ar,
        "level_en": program.level.name_en,
        "program_code": program.code,
        "occupation_code": program.occupation_code,
        "hours": program.hours,
    }


def facts_in_force(cohort: Cohort) -> CohortFacts:
    """The facts that claims and rules read. Raises `FactsNotFrozen` for a cohort that has not opened."""
    row = CohortFacts.objects.filter(cohort=cohort, state=FactsState.ACCEPTED).first()
    if row is None:
        raise FactsNotFrozen(cohort=cohort)
    return row


def unconfirmed_facts(cohort: Cohort) -> CohortFacts | None:
    """The facts of the day of the upgrade, until an officer has compared them."""
    row = facts_in_force(cohort)
    return row if row.source == FactsSource.UPGRADE else None


def changed_facts(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The names of the facts that differ."""
    return sorted(name for name in {*before, *after} if before.get(name) != after.get(name))


def corrections_to_decide(user: User) -> QuerySet[CohortFacts]:
    """Corrections that somebody else asked for, the oldest first. Of the whole ministry."""
    waiting = CohortFacts.objects.filter(state=FactsState.WAITING)
    if not may_everywhere(user, Act.SET_RULES):
        return waiting.none()
    hands = hands_shown(user)
    own = Q(by__in=hands) | Q(done_for(hands, Act.SET_RULES, by="by", at="at"))
    rows: QuerySet[CohortFacts] = fenced(waiting, user=user, act=Act.SET_RULES).exclude(own)
    return rows.order_by("at", "pk")


def facts_in_words(facts: Mapping[str, Any], before: Mapping[str, Any] | None = None) -> list[Fact]:
    """What papers print, with labels; with `before`, only what differs."""
    if before is None:
        return [
            Fact(name, str(FACT_LABELS[name]), str(facts[name])) for name in FACT_LABELS if name in PRINTED
        ]
    return [
        Fact(name, str(FACT_LABELS[name]), _in_words(facts, name), _in_words(before, name))
        for name in FACT_LABELS
        if facts.get(name) != before.get(name)
    ]


def _in_words(facts: Mapping[str, Any], name: str) -> str:
    """Of kinds the names, and the key of the rule of each: they are too many to say more on a line."""
    if name in PRINTED:
        return str(facts.get(name, ""))
    return " · ".join(f"{kind['name_ar']} ({kind['rule']})" for kind in facts.get(name, {}).values())
