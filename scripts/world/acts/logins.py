"""Logins, roles and lost passwords."""

import datetime as dt

from django.db.models import Q
from django.utils import timezone

from accounts.enums import (
    Act,
    HandKind,
    MembershipScope,
    RecoveryState,
    RoleName,
)
from accounts.models import (
    Center,
    LoginHand,
    Membership,
    PasswordRecovery,
    RoleOffer,
    RoleRequest,
    User,
)
from accounts.scoping import may_everywhere
from accounts.services.deputies import end_deputy, name_deputy
from accounts.services.hands import confirm_card
from accounts.services.logins import (
    choose_password,
    deactivate_login,
    reactivate_login,
)
from accounts.services.memberships import end_role, give_role
from accounts.services.offers import accept_offer, decline_offer, offer_role
from accounts.services.phones import normalize_phone
from accounts.services.recoveries import (
    ask_for_password,
    ask_for_password_of_staff,
    give_password,
    refuse_password,
)
from accounts.services.role_requests import ask_for_role, give_asked_role, refuse_role
from accounts.services.staff_logins import create_staff_login
from scripts.world.acts.seats import WHY
from scripts.world.history import World
from scripts.world.people import Goal
from scripts.world.registry import NotNow, act
from scripts.world.stage import newcomers

PASSWORD = "gate-%s-marble-%s"  # noqa: S105 - of people who do not exist
LOCAL = (RoleName.REGISTRAR, RoleName.INSTRUCTOR, RoleName.ASSESSOR, RoleName.CENTER_MANAGER)


def a_password(world: World, *parts: int) -> str:
    """Mostly one that is taken."""
    return PASSWORD % parts if not world.strays(0.3) else "123456"


# --- logins of staff ----------------------------------------------------------------------------------------------


@act(weight=0.7, serves=Goal.LOGIN)
def make_a_login_of_staff(world: World) -> None:
    """For a new colleague; who is dishonest makes it for themselves, with a card that does not exist."""
    user = world.staff(Act.MANAGE_MEMBERS)
    (colleague,) = newcomers(world)
    world.require(user, Act.MANAGE_MEMBERS, on=world.center_of(user))
    login = create_staff_login(
        full_name_ar=colleague.name, number=colleague.number, phone=colleague.phone, by=user
    )
    # No one has its password yet: a code to the phone and the number of the card open it.
    world.owner[login.pk] = colleague
    world.cards[login.pk] = colleague.number
    world.did("login", login.pk, "makes")
    if world.actor and world.actor.goal:
        # There is no such colleague: a phone and a card of their own making are in their hands.
        world.owner[login.pk] = world.actor
        world.phones[normalize_phone(colleague.phone)] = world.actor
        world.actor.logins.add(login.pk)
    else:
        world.humans.append(colleague)


def _who_gets_a_role(world: World, user: User, *, own: float) -> int:
    """Another login of one's own with this share; else a colleague, mostly."""
    others = sorted(world.actor.logins - {user.pk}) if world.actor else []
    if others and world.happens(own):
        return world.pick(others)
    staff = Membership.objects.current().exclude(user=user).filter(user__in=sorted(world.owner))
    if not may_everywhere(user, Act.MANAGE_MEMBERS):
        staff = staff.filter(center__in=Membership.objects.current().filter(user=user).values("center"))
    colleagues = sorted(set(staff.values_list("user", flat=True)))
    return world.pick(colleagues if world.fits() else sorted(world.owner))


@act(weight=1.2, serves=Goal.LOGIN)
def give_somebody_a_role(world: World) -> None:
    user = world.staff(Act.MANAGE_MEMBERS)
    center = world.center_of(user)
    key = _who_gets_a_role(world, user, own=0.6)
    at_ministry = world.happens(0.3)
    if world.fits() and not may_everywhere(user, Act.MANAGE_MEMBERS):
        at_ministry = False
    roles = [RoleName.CERTIFYING_OFFICER, RoleName.MINISTRY_OFFICER] if at_ministry else list(LOCAL)
    role = world.pick(roles)
    membership = give_role(
        user_id=key,
        role=role,
        scope=MembershipScope.MINISTRY if at_ministry else MembershipScope.CENTER,
        center=None if at_ministry else center,
        reason=WHY,
        by=user,
    )
    world.did("membership", membership.pk, "gives")


@act(weight=1.2)
def ask_for_a_role_of_two(world: World) -> None:
    """A role that gives roles; another one gives it (`give_an_asked_role`)."""
    user = world.staff(Act.MANAGE_MEMBERS)
    center = world.center_of(user)
    at_ministry = may_everywhere(user, Act.MANAGE_MEMBERS) if world.fits() else world.happens(0.4)
    request = ask_for_role(
        user_id=_who_gets_a_role(world, user, own=0.4),
        role=RoleName.MINISTRY_OFFICER if at_ministry else RoleName.CENTER_MANAGER,
        scope=MembershipScope.MINISTRY if at_ministry else MembershipScope.CENTER,
        center=None if at_ministry else center,
        reason=WHY,
        by=user,
    )
    world.did("role request", request.pk, "asks")


def _who_decides(world: World, center: Center | None) -> User:
    return world.staff(Act.MANAGE_MEMBERS if center else Act.SET_RULES, on=center)


@act(weight=4.5)
def give_an_asked_role(world: World) -> None:
    request: RoleRequest = world.row(RoleRequest.objects.filter(state=RecoveryState.ASKED))
    give_asked_role(request_id=request.pk, by=_who_decides(world, request.center))
    world.did("role request", request.pk, "gives")


@act(weight=2.2)
def refuse_an_asked_role(world: World) -> None:
    rows = RoleRequest.objects.all()
    request: RoleRequest = world.apt(rows, rows.filter(state=RecoveryState.ASKED))
    refuse_role(request_id=request.pk, by=_who_decides(world, request.center))


@act(weight=1.2)
def compare_a_card(world: World) -> None:
    """Of a colleague who shows it; who is dishonest types the number of a card that does not exist."""
    waiting = User.objects.filter(pk__in=sorted(world.owner), hands__isnull=False).exclude(
        pk__in=LoginHand.objects.filter(kind=HandKind.CARD).values("login")
    )
    login: User = (
        world.row(waiting.distinct())
        if waiting.exists() or world.fits()
        else world.row(User.objects.filter(pk__in=sorted(world.owner)))
    )
    user = world.staff(Act.MANAGE_MEMBERS)
    if not may_everywhere(user, Act.MANAGE_MEMBERS) and world.fits():
        # Who made it asks an officer.
        user = world.staff(Act.SET_RULES)
    number = world.cards.get(login.pk, world.owner[login.pk].number)
    confirm_card(
        user_id=login.pk,
        number=number,
        phone=login.phone or "",
        full_name_ar=world.owner[login.pk].name,
        by=user,
    )
    world.did("login", login.pk, "compares the card")


@act(weight=0.7)
def offer_a_role(world: World) -> None:
    user = world.staff(Act.MANAGE_MEMBERS)
    login = User.objects.get(pk=world.pick(sorted(world.owner)))
    offer_role(
        typed=login.username or login.phone or "nobody",
        role=world.pick(LOCAL),
        center=world.center_of(user),
        reason=WHY,
        by=user,
    )


@act(weight=0.8)
def answer_an_offer(world: World) -> None:
    offer: RoleOffer = world.row(RoleOffer.objects.filter(user__in=sorted(world.owner)))
    human = world.pick([one for one in world.humans if offer.user_id in one.logins])
    world.actor = human
    by = User.objects.get(pk=offer.user_id or 0)
    if world.happens(0.7):
        accept_offer(offer_id=offer.pk, by=by)
    else:
        decline_offer(offer_id=offer.pk, by=by)


@act(weight=0.6)
def end_somebodys_role(world: World) -> None:
    """Often of who lends it, or acts for a colleague."""
    own, lent = Membership.objects.own().current(), Membership.objects.lent().current()
    sides = Q(user__in=lent.values("user")) | Q(pk__in=lent.values("lent_from"))
    membership: Membership = world.busy(own, own.filter(sides))
    user = _who_decides(world, membership.center)
    end_role(membership_id=membership.pk, reason=WHY, by=user)


@act(weight=0.6)
def name_a_deputy(world: World) -> None:
    user = world.staff()
    held = Membership.objects.own().current().filter(user=user).first()
    if held is None:
        raise NotNow
    today = timezone.localdate()
    there = Membership.objects.own().current().filter(center=held.center, user__in=sorted(world.owner))
    colleague: Membership = world.apt(
        Membership.objects.current(), there.exclude(user=user).exclude(role=held.role)
    )
    name_deputy(
        membership_id=held.pk,
        user_id=colleague.user_id,
        since=today,
        until=today + dt.timedelta(days=world.chance.randint(0, 9)),
        reason=WHY,
        conflict_reason=WHY,
        by=user,
    )


@act(weight=2)
def end_a_deputy(world: World) -> None:
    deputies = Membership.objects.exclude(lent_from=None)
    deputy: Membership = world.apt(
        deputies, deputies.filter(pk__in=Membership.objects.current().values("pk"))
    )
    lender = world.owner.get(deputy.lent_from.user_id) if deputy.lent_from else None
    by = world.staff(of=lender if world.fits() else None)
    end_deputy(deputy_id=deputy.pk, reason=WHY, by=by)


@act(weight=0.6)
def ask_for_a_password_of_staff(world: World) -> None:
    """One asks; another one gives it (`give_a_new_password`)."""
    user = world.staff(Act.MANAGE_MEMBERS)
    recovery = ask_for_password_of_staff(user_id=world.pick(sorted(world.owner)), reason=WHY, by=user)
    world.did("recovery", recovery.pk, "asks")


@act(weight=0.4)
def choose_an_own_password(world: World) -> None:
    human = world.pick([one for one in world.humans if one.logins])
    own = [key for key in sorted(human.logins) if world.owner.get(key) is human]
    login = User.objects.get(pk=world.pick(own))
    world.actor = human
    choose_password(password=a_password(world, login.pk, world.chance.randrange(10**6)), by=login)
    world.forget_login(login, but=human)


@act(weight=0.5)
def close_a_login(world: World) -> None:
    user = world.staff(Act.MANAGE_MEMBERS)
    colleagues = Membership.objects.current().filter(center=world.center_of(user)).exclude(user=user)
    colleague: Membership = world.apt(Membership.objects.current(), colleagues)
    deactivate_login(user_id=colleague.user_id, reason=WHY, by=user)


@act(weight=2.5)
def open_a_login_again(world: World) -> None:
    login: User = world.row(User.objects.filter(pk__in=sorted(world.owner), is_active=False))
    reactivate_login(user_id=login.pk, reason=WHY, by=world.staff(Act.MANAGE_MEMBERS))


# --- lost passwords -----------------------------------------------------------------------------------------------


@act(serves=Goal.LOGIN)
def ask_for_a_new_password(world: World) -> None:
    """With the person there, who has lost theirs; who is dishonest asks with a number that they know."""
    user = world.staff(Act.HELP_TRAINEES_IN)
    human, center = world.actor, world.center_of(user)
    learners = [one for one in world.humans if one.person]
    if world.fits():
        learners = [one for one in learners if one.home == center.pk and one.logins]
    one = world.pick(learners)
    if human and human.goal is Goal.LOGIN and human.target and ("number", human.target.number) in human.knows:
        one = human.target
    recovery = ask_for_password(number=one.number, center=center, reason=WHY, by=user)
    world.did("recovery", recovery.pk, "asks")
    if world.actor:
        world.askers[recovery.pk] = world.actor


@act(weight=3.5, serves=Goal.LOGIN)
def give_a_new_password(world: World) -> None:
    """Who is honest gives it to the person in front of them; where no one is there, they refuse."""
    asked_rows = PasswordRecovery.objects.filter(state=RecoveryState.ASKED)
    since = timezone.now() - dt.timedelta(days=1)
    recovery: PasswordRecovery = world.apt(asked_rows, asked_rows.filter(asked_at__gt=since))
    asked = world.askers.get(recovery.pk)
    is_tried_alone = asked is not None and asked.goal is Goal.LOGIN and world.happens(0.6)
    user = world.staff(Act.HELP_TRAINEES_IN, on=recovery.center, of=asked if is_tried_alone else None)
    actor, login = world.actor, recovery.user
    is_plot = asked is not None and asked.goal is Goal.LOGIN and asked.target is world.owner.get(login.pk)
    if is_plot and actor is not asked:
        refuse_password(recovery_id=recovery.pk, by=user)
        return
    give_password(recovery_id=recovery.pk, by=user)
    world.did("recovery", recovery.pk, "gives")
    world.forget_login(login)
    world.learn_login(actor if is_plot and actor else world.owner[login.pk], login)


@act(weight=1.8)
def refuse_a_new_password(world: World) -> None:
    rows = PasswordRecovery.objects.all()
    recovery: PasswordRecovery = world.apt(rows, rows.filter(state=RecoveryState.ASKED))
    by = world.staff(Act.HELP_TRAINEES_IN, on=recovery.center)
    refuse_password(recovery_id=recovery.pk, by=by)
