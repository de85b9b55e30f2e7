"""Hands the open work of one person over to a colleague."""

from collections.abc import Collection
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from accounts.enums import LoginNoticeKind
from accounts.errors import DomainError, ReasonMissing
from accounts.models import Membership, User
from accounts.scoping.handover import kinds_of_named_work, may_hand_over, named_lines, takers
from accounts.services.login_notices import notify_of_work

# Each line is written by the service of its row, in a transaction of its own: so many take a few seconds.
MOST_AT_ONCE = 200


class HandOverOutOfReach(DomainError):
    message = _("You may not hand this work over. Ask who manages the cohorts of the center.")


class NotATaker(DomainError):
    message = _("Choose a colleague who has the same role at this center.")


class NothingChosen(DomainError):
    message = _("Choose what to hand over.")


class NoLongerTheirs(DomainError):
    message = _("It is not in their name any more, or over.")


@dataclass
class HandedOver:
    """What was handed over, and what was left as it was, with the reason."""

    done: list[str] = field(default_factory=list)
    # What it belongs to, each once.
    places: dict[str, None] = field(default_factory=dict)
    left: list[tuple[str, DomainError]] = field(default_factory=list)


def hand_over(*, membership_id: int, keys: Collection[str], to_id: int, reason: str, by: User) -> HandedOver:
    """Put a colleague in the place of the holder of a role, line by line, each in a transaction of its own.

    What changed meanwhile or is refused is left as it is and named. Both are told, once. Raises `HandOverOutOfReach`, `NotATaker`,
    `NothingChosen`, `ReasonMissing`.
    """
    held = Membership.objects.own().select_related("user", "center").get(pk=membership_id)
    if not may_hand_over(by, held, kinds_of_named_work(held.role)):
        raise HandOverOutOfReach
    to = takers(held).filter(pk=to_id).first()
    if to is None:
        raise NotATaker
    if not keys:
        raise NothingChosen
    if not reason.strip():
        raise ReasonMissing
    kinds = {kind.name: str(kind.title) for kind in kinds_of_named_work(held.role)}
    lines = {line.key: line for line in named_lines(held)}
    result = HandedOver()
    for key in list(dict.fromkeys(keys))[:MOST_AT_ONCE]:
        line = lines.get(key)
        if line is None:
            name, _colon, number = key.partition(":")
            result.left.append((f"{kinds.get(name, name)} #{number}", NoLongerTheirs()))
            continue
        try:
            with transaction.atomic():
                line.kind.give(line.row, holder=held.user, to=to, by=by)
        except DomainError as refusal:
            result.left.append((line.text, refusal))
        else:
            result.done.append(line.text)
            result.places[line.kind.belongs_to(line.row)] = None
    if result.done:
        _note(held, to, result, reason.strip(), by=by)
    return result


@transaction.atomic
def _note(held: Membership, to: User, result: HandedOver, reason: str, *, by: User) -> None:
    log(
        held,
        "accounts.membership.hand_over",
        user=by,
        data={"login": held.user_id, "taker": to.pk, "rows": len(result.done), "reason": reason},
    )
    for user, kind, colleague in (
        (to, LoginNoticeKind.WORK_TAKEN, held.user),
        (held.user, LoginNoticeKind.WORK_GIVEN, to),
    ):
        notify_of_work(
            user=user,
            kind=kind,
            center=held.center,
            colleague=colleague,
            lines=len(result.done),
            places=list(result.places),
        )
