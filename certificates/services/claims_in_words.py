"""Claims as officers read them before they decide."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from certificates.enums import Reason
from certificates.models import Proposal
from courses.queries.facts import FACT_LABELS, Fact, facts_in_words, unconfirmed_facts

_LABELS: dict[str, str | Promise] = {
    "name_ar": _("name of the holder in Arabic"),
    "name_en": _("name of the holder in English"),
    "identity": _("identity document"),
    "type_ar": _("kind of certificate in Arabic"),
    "type_en": _("kind of certificate in English"),
    **FACT_LABELS,
    "cohort": _("cohort"),
    "starts_on": _("first day of the cohort"),
    "ends_on": _("last day of the cohort"),
    "completed_on": _("completed on"),
    "content_version": _("version of the content"),
    "rule_version": _("version of the completion rule"),
    "units": _("units"),
    "attendance_percent": _("attendance in percent (supplements)"),
    "score_percent": _("mean score in percent (supplements)"),
    "practice_percent": _("mean score of the practical tasks in percent (supplements)"),
    "attended_hours": _("hours in classes (supplements)"),
}


def changed_claims(proposal: Proposal) -> list[Fact]:
    """What the corrected certificate says otherwise than the one it replaces: every claim that differs, before and after."""
    if not proposal.correction:
        return []
    row = proposal.rows.select_related("corrects").exclude(claims={}).first()
    if row is None or row.corrects is None:
        return []
    before, after = row.corrects.claims, row.claims
    names = [*_LABELS, *sorted({*before, *after} - set(_LABELS))]
    return [
        Fact(name, str(_LABELS.get(name, name)), _in_words(after.get(name)), _in_words(before.get(name)))
        for name in names
        if before.get(name) != after.get(name)
    ]


def facts_to_compare(proposal: Proposal) -> list[Fact]:
    """The facts that an officer compares with the records before the first paper: those of the day of the upgrade."""
    if proposal.cohort is None or proposal.correction == Reason.NAME_CORRECTED:
        return []
    row = unconfirmed_facts(proposal.cohort)
    return facts_in_words(row.facts) if row else []


def _in_words(claim: Any) -> str:
    match claim:
        case None:
            return ""
        case list():
            return " · ".join(_in_words(one) for one in claim)
        case dict():
            return ", ".join(_in_words(one) for one in claim.values() if one is not None)
        case _:
            return str(claim)
