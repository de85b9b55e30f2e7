"""A lost password at the desk, or of a colleague: one member of staff asks, another one gives the new one, both with the identity card at hand."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from accounts.enums import Act, HandKind, LoginNoticeKind, MembershipScope, RecoveryState, RoleName
from accounts.errors import DomainError
from accounts.models import Center, Membership, PasswordRecovery, Person, User
from accounts.scoping import may, may_everywhere
from accounts.scoping.hands import is_of_one_hand, why_one_hand
from accounts.scoping.reach import is_helped_at, reaches_login, works_nowhere
from accounts.services.hands import note_hand
from accounts.services.identity_documents import fingerprint_of
from accounts.services.login_notices import notify_holder
from accounts.services.logins import LoginOutOfReach, OwnLogin, generate_password
from accounts.services.number_misses import require_few_misses
from accounts.services.sessions import delete_ended_sessions

OPEN_FOR = dt.timedelta(days=1)


class TraineeNotHere(DomainError):
    message = _(
        "No trainee of your center has this number and a login. Compare it with the identity card. A trainee who is registered at another "
        "center and has not used the seat here yet is helped there; the ministry helps everybody else."
    )


class AlreadyAsked(DomainError):
    message = _("A new password was asked for this login already. A colleague gives it.")


class AskedByYourself(DomainError):
    message = _(
        "You asked for this yourself. A colleague compares the identity card again and gives the password."
    )


class NoLongerOpen(DomainError):
    message = _("This was decided, or asked more than a day ago. Ask again.")


class NotYourTrainee(DomainError):
    message = _("You help trainees of your own center only.")


@transaction.atomic
def ask_for_password(
    *, number: str, country: str = "", center: Center, reason: str, by: User
) -> PasswordRecovery:
    """Ask for a new password for the trainee of `center` whose identity card carries `number`; a colleague gives it.

    `country` is empty for a national number, else that of a passport. Raises `NotYourTrainee`, `TooManyMisses`,
    `TraineeNotHere`, `AlreadyAsked`, a `BadNationalNumber` or `BadPassportNumber`.
    """
    if not may(by, Act.HELP_TRAINEES_IN, on=center):
        raise NotYourTrainee
    fingerprint = fingerprint_of(number=number, country=country)
    require_few_misses(center=center, by=by, fingerprint=fingerprint)
    user = _trainee(fingerprint, center)
    if user is None or user == by:
        raise TraineeNotHere
    return _asked(user, center, reason, by=by)


@transaction.atomic
def ask_for_password_of_staff(*, user_id: int, reason: str, by: User) -> PasswordRecovery:
    """Ask for a password for a colleague, the first one or a new one; another person compares the card and gives it.

    Raises `OwnLogin`, `LoginOutOfReach`, `AlreadyAsked`.
    """
    user = User.objects.select_for_update(of=("self",)).get(pk=user_id)
    if user == by:
        raise OwnLogin
    if not _reaches(by, user):
        raise LoginOutOfReach
    works = Membership.objects.current().own().filter(user=user).exclude(role=RoleName.TRAINEE)
    held = works.filter(scope=MembershipScope.CENTER).select_related("center").order_by("pk").first()
    return _asked(user, held.center if held else None, reason, by=by)


def _asked(user: User, center: Center | None, reason: str, *, by: User) -> PasswordRecovery:
    waiting = PasswordRecovery.objects.filter(user=user, state=RecoveryState.ASKED)
    waiting.filter(asked_at__lte=timezone.now() - OPEN_FOR).update(state=RecoveryState.LAPSED)
    try:
        with transaction.atomic():
            recovery = PasswordRecovery.objects.create(user=user, center=center, reason=reason, asked_by=by)
    except IntegrityError as open_already:
        raise AlreadyAsked from open_already
    data = {"center": center.pk if center else None, "reason": reason}
    log(user, "accounts.recovery.ask", user=by, data=data)
    return recovery


@transaction.atomic
def give_password(*, recovery_id: int, by: User) -> str:
    """Give the new password, to be told in person and shown once; ends the login's sessions, and its holder is told.

    Raises `NotYourTrainee`, `NoLongerOpen`, `AskedByYourself`, `NotTwoPeople`, `CardNotCompared`, `LoginOutOfReach`, `TraineeNotHere`.
    """
    recovery = _lock_open(recovery_id, by=by)
    asked, act = {recovery.asked_by_id}, Act.HELP_TRAINEES_IN
    if is_of_one_hand(by, asked, act):
        raise why_one_hand(by, asked, act, AskedByYourself)
    user = User.objects.select_for_update(of=("self",)).get(pk=recovery.user_id)
    # The ministry helps with every login; at a center trainees, and colleagues within reach.
    is_of_staff = recovery.center is None or not works_nowhere(user)
    if is_of_staff and not _reaches(recovery.asked_by, user):
        raise TraineeNotHere
    if is_of_staff and not _reaches(by, user):
        raise LoginOutOfReach
    if user == by or not user.is_active or not (is_of_staff or _is_helped_there(user, recovery.center)):
        raise TraineeNotHere
    password = generate_password()
    user.set_temporary_password(password)
    user.save(update_fields=["password", "password_is_temporary"])
    delete_ended_sessions(user)
    if user.hands.exists():
        note_hand(user, HandKind.PASSWORD, by=by)
    _decide(recovery, RecoveryState.GIVEN, by=by)
    notify_holder(user=user, kind=LoginNoticeKind.NEW_PASSWORD, center=recovery.center)
    asked_by = recovery.asked_by_id
    log(user, "accounts.recovery.give", user=by, data={"center": recovery.center_id, "asked_by": asked_by})
    return password


@transaction.atomic
def refuse_password(*, recovery_id: int, by: User) -> PasswordRecovery:
    """Refuse, or take back what one asked for oneself. Raises `NotYourTrainee`, `NoLongerOpen`."""
    recovery = _lock_open(recovery_id, by=by)
    if by == recovery.asked_by:
        recovery.state = RecoveryState.LAPSED
        recovery.save(update_fields=["state"])
    else:
        _decide(recovery, RecoveryState.REFUSED, by=by)
    log(recovery.user, "accounts.recovery.refuse", user=by, data={"center": recovery.center_id})
    return recovery


def is_open(recovery: PasswordRecovery) -> bool:
    """Whether it may still be decided."""
    return recovery.state == RecoveryState.ASKED and recovery.asked_at > timezone.now() - OPEN_FOR


def _lock_open(recovery_id: int, *, by: User) -> PasswordRecovery:
    recovery = (
        PasswordRecovery.objects.select_for_update(of=("self",))
        .select_related("center", "asked_by", "user")
        .get(pk=recovery_id)
    )
    if not may(by, Act.HELP_TRAINEES_IN, on=recovery):
        raise NotYourTrainee
    if not is_open(recovery):
        raise NoLongerOpen
    return recovery


def _decide(recovery: PasswordRecovery, state: RecoveryState, *, by: User) -> None:
    recovery.state, recovery.decided_by, recovery.decided_at = state, by, timezone.now()
    recovery.save(update_fields=["state", "decided_by", "decided_at"])


def _reaches(by: User, user: User) -> bool:
    """Whether `by` may have a part in a new password of a colleague. It takes two, so those of the ministry help who approves, too."""
    return reaches_login(by, user) or (may_everywhere(by, Act.MANAGE_MEMBERS) and not user.is_superuser)


def _is_helped_there(user: User, center: Center | None) -> bool:
    return center is not None and is_helped_at(user, center)


def _trainee(fingerprint: str, center: Center) -> User | None:
    holders = User.objects.filter(person__documents__number_hmac=fingerprint, is_active=True)
    user = holders.select_related("person").first()
    # An unknown number asks the database as much as that of who studies elsewhere, so that time does not tell them apart.
    is_helped = is_helped_at(user or User(pk=0, person=Person(pk=0)), center)
    return user if is_helped else None
