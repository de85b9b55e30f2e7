"""Rules of issuing, written by the ministry."""

from django.db import transaction
from django.db.models import Max
from wagtail.log_actions import log

from accounts.enums import Act
from accounts.models import User
from accounts.scoping import may
from certificates.enums import CredentialKind
from certificates.errors import NoEvidenceOfSkill, NotForYou, RuleAsksNothing
from certificates.models import CredentialType, IssuingRule
from courses.clauses import Clauses, InvalidClauses
from courses.errors import InvalidRule

NOTHING = Clauses()


@transaction.atomic
def set_issuing_rule(
    *,
    type_id: int,
    by: User,
    completed: bool = True,
    asks: Clauses = NOTHING,
    latin_name: bool = False,
    identity_document: bool = False,
    prerequisite: CredentialType | None = None,
) -> IssuingRule:
    """Write the next version of a kind's rule. Proposals already made keep the version they were made under.

    Raises InvalidRule, NoEvidenceOfSkill, NotForYou, RuleAsksNothing.
    """
    try:
        asks.check()
    except InvalidClauses as fault:
        raise InvalidRule from fault
    type_ = CredentialType.objects.select_for_update().get(pk=type_id)
    if not may(by, Act.SET_RULES, on=type_):
        raise NotForYou
    newest = type_.rules.aggregate(Max("version"))["version__max"] or 0
    rule = IssuingRule(
        type=type_,
        version=newest + 1,
        completed=completed,
        clauses=asks.as_list(),
        latin_name=latin_name,
        identity_document=identity_document,
        prerequisite=prerequisite,
    )
    check_names_evidence(rule)
    rule.save()
    log(rule, "certificates.rule.set", user=by, data={"version": rule.version})
    return rule


def check_names_evidence(rule: IssuingRule) -> None:
    """Raises RuleAsksNothing, and NoEvidenceOfSkill for a skill-level certificate, which says that a test was passed, where none is
    asked, in theory or in practice.
    """
    asks = rule.asks
    if not (rule.completed or rule.prerequisite_id or asks.as_list()):
        raise RuleAsksNothing
    if rule.type.kind == CredentialKind.SKILL_LEVEL and not (asks.score.is_asked or asks.practice.is_asked):
        raise NoEvidenceOfSkill(type=rule.type.name)
