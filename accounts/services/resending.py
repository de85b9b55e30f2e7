"""Sending a notice again that did not arrive, whichever app wrote it."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from accounts.enums import Act, ContactKind, DeliveryState, NoticeState
from accounts.errors import DomainError
from accounts.models import (
    Contact,
    ContactChallenge,
    Delivery,
    EarlierNumberNotice,
    Person,
    PersonalNotice,
    User,
)
from accounts.models.notices import UNTOLD
from accounts.scoping import fenced, may_everywhere
from accounts.services.gateway import sms_gateway
from accounts.services.notice_models import listed_notice_models
from accounts.services.short_messages import settle

# Of each kind, as on the page of background jobs: when more fail at once, the newest ones show why.
NEWEST = 200
NOT_WANTED = Q(state=NoticeState.NOT_WANTED)


class NoSuchMessage(DomainError):
    message = _("There is no such message for this person. Load the page again.")


class CodesAreAskedForAgain(DomainError):
    message = _("A code is not sent again. The person asks for a new one.")


class ToldAlready(DomainError):
    message = _("This message arrived meanwhile, or is read on the site. It is not sent again.")


class SwitchedOff(DomainError):
    message = _("The person switched these messages off. They are read on the site.")


class NoLongerTrue(DomainError):
    message = _("What this message says is no longer true. It is not sent again.")


class NoWayToReach(DomainError):
    message = _(
        "There is no way to reach this person. Record a mobile number first, or an e-mail address where the site sends no short messages:"
        " “Edit” on the page of the person."
    )


class NoShortMessages(DomainError):
    message = _("This site sends no short messages, so this one is not sent again.")


class UntoldNotice(NamedTuple):
    """A notice that did not arrive, for staff. It is sent again only where there is a way by which it may arrive."""

    notice: PersonalNotice
    label: str
    receiver: Person | User
    is_reachable: bool = True

    @property
    def needs_contact(self) -> bool:
        """Whether it can be sent again once a number or an address is recorded: an earlier number is recorded already."""
        return not self.is_reachable and not isinstance(self.notice, EarlierNumberNotice)


def untold_of(person: Person, *, user: User, at_most: int) -> list[UntoldNotice]:
    """The newest notices to the person that did not arrive or were not wanted, as far as `user` may see them.

    One query for each model.
    """
    found = [
        UntoldNotice(notice, model._meta.label_lower, person)
        for model in listed_notice_models()
        for notice in fenced(
            _rows(model).filter(UNTOLD | NOT_WANTED, **{model.path_to_person or model.person_path: person}),
            user=user,
            act=Act.VIEW_PEOPLE,
        ).order_by("-pk")[:at_most]
    ]
    return _with_reach(_newest_first(found)[:at_most])


def newest_untold() -> list[UntoldNotice]:
    """The `NEWEST` notices of each kind that did not arrive, of everyone: for operators."""
    return _with_reach(
        _newest_first(
            [
                UntoldNotice(notice, model._meta.label_lower, notice.receiver)
                for model in listed_notice_models()
                for notice in _rows(model)
                .filter(UNTOLD)
                .select_related(model.path_to_person or model.person_path)
                .order_by("-pk")[:NEWEST]
            ]
        )
    )


@transaction.atomic
def send_again(*, about: str, notice_id: int, by: User, person_id: int | None = None) -> PersonalNotice:
    """Give a notice that did not arrive new attempts, within the cap and the quiet hours as ever. One that waits stays as it is.

    `about` is the label of its model, `person_id` whose it has to be. Raises `NoSuchMessage`, `CodesAreAskedForAgain`,
    `ToldAlready`, `NoLongerTrue`, `SwitchedOff`, `NoWayToReach`, `NoShortMessages`.
    """
    model = _model_called(about)
    rows = _rows(model)
    if not may_everywhere(by, Act.SET_RULES):
        rows = fenced(rows, user=by, act=Act.MANAGE_PEOPLE)
    if person_id is not None:
        rows = rows.filter(**{model.path_to_person or model.person_path: person_id})
    # First the delivery: in the order in which a report locks both.
    carried = rows.filter(pk=notice_id).values("delivery")
    delivery = Delivery.objects.select_for_update(of=("self",)).filter(pk__in=carried).first()
    notice = (
        _rows(model)
        .filter(pk__in=rows.values("pk"))
        .select_for_update(of=("self",))
        .filter(pk=notice_id)
        .first()
    )
    if notice is None:
        raise NoSuchMessage
    if notice.state == NoticeState.WAITING:
        return notice
    _require_untold(notice, delivery)
    _require_reach(notice)
    reset([notice])
    kind = getattr(notice, "kind", "")
    log(notice.receiver, "accounts.notice.send_again", user=by, data={"about": about, "kind": kind})
    return notice


def reset(notices: Sequence[PersonalNotice]) -> None:
    """New attempts from now on. A hand-over that no one ended is over: else it would count as under way. The caller holds the locks."""
    if not notices:
        return
    for delivery in Delivery.objects.filter(
        pk__in=[notice.delivery_id for notice in notices], state=DeliveryState.HANDING_OVER
    ):
        settle(delivery, DeliveryState.UNKNOWN)
    _rows(type(notices[0])).filter(pk__in=[notice.pk for notice in notices]).update(
        state=NoticeState.WAITING, attempts=0, error="", due_at=timezone.now()
    )


def _with_reach(found: Sequence[UntoldNotice]) -> list[UntoldNotice]:
    """The same notices, each with whether there is a way to its receiver. Constant queries."""
    people = {one.receiver.pk for one in found if isinstance(one.receiver, Person)}
    reached = _people_reached(people) if people else set()
    return [one._replace(is_reachable=_is_reachable(one.notice, one.receiver, reached)) for one in found]


def _require_untold(notice: PersonalNotice, delivery: Delivery | None) -> None:
    if notice.state == NoticeState.DROPPED:
        raise NoLongerTrue
    if notice.state == NoticeState.NOT_WANTED:
        raise SwitchedOff
    has_arrived = delivery is not None and delivery.state == DeliveryState.DELIVERED
    if has_arrived or not notice.is_untold:
        raise ToldAlready


def _require_reach(notice: PersonalNotice) -> None:
    receiver = notice.receiver
    if _is_reachable(notice, receiver, _people_reached({receiver.pk})):
        return
    raise NoShortMessages if isinstance(notice, EarlierNumberNotice) else NoWayToReach


def _is_reachable(notice: PersonalNotice, receiver: Person | User, reached: set[int]) -> bool:
    if isinstance(notice, EarlierNumberNotice):
        # It goes to that number and nowhere else.
        return sms_gateway() is not None
    return not isinstance(receiver, Person) or receiver.pk in reached


def _people_reached(people: Iterable[int]) -> set[int]:
    """Who has a login, where everything is read, or is written to (`Contact.objects.reaching`)."""
    kinds = list(ContactKind) if sms_gateway() else [ContactKind.EMAIL]
    contacts = Contact.objects.current().filter(kind__in=kinds)
    own = contacts.filter(person__in=people).values_list("person", flat=True)
    logins = User.objects.filter(person__in=people).values_list("person", flat=True)
    without_own = Person.objects.filter(pk__in=people).exclude(
        pk__in=Contact.objects.current().filter(person__in=people).values("person")
    )
    by_guardian = without_own.filter(guardian__in=contacts.values("person")).values_list("pk", flat=True)
    return {*own, *logins, *by_guardian}


def _model_called(about: str) -> type[PersonalNotice]:
    if about == ContactChallenge._meta.label_lower:
        raise CodesAreAskedForAgain
    for model in listed_notice_models():
        if model._meta.label_lower == about:
            return model
    raise NoSuchMessage


def _rows(model: type[PersonalNotice]) -> QuerySet[Any]:
    return model._default_manager.all()


def _newest_first(found: list[UntoldNotice]) -> list[UntoldNotice]:
    return sorted(found, key=lambda one: one.notice.created_at, reverse=True)
