"""Logins, roles, lost passwords, the desk and lists."""

import datetime as dt
from typing import Any

from django.utils import timezone

from accounts.enums import Act, MembershipScope, RecoveryState, RoleName
from accounts.models import Membership, PasswordRecovery, Person, PersonMerge, User
from accounts.services.deputies import end_deputy, name_deputy
from accounts.services.logins import (
    choose_password,
    deactivate_login,
    reactivate_login,
    sign_up,
)
from accounts.services.memberships import end_role, give_role
from accounts.services.merging import merge_people, undo_merge
from accounts.services.people import correct_person
from accounts.services.recoveries import (
    ask_for_password,
    ask_for_password_of_staff,
    give_password,
    refuse_password,
)
from accounts.services.staff_logins import create_staff_login
from courses.enums import CohortState, ImportKind
from courses.forms.desk import DeskForm
from courses.models import Cohort
from courses.services.desk import enroll_carrier, register_at_desk, serve_known_person
from courses.services.imports import start_import, upload_list, work_on_import
from jobs.enums import JobState
from scripts.world.acts.seats import WHY
from scripts.world.history import World
from scripts.world.people import Goal, Human
from scripts.world.registry import NotNow, Refused, act
from scripts.world.stage import newcomers
from tests.courses.imports.lists import csv_of

PASSWORD = "gate-%s-marble-%s"  # noqa: S105 - of people who do not exist
LOCAL = (RoleName.REGISTRAR, RoleName.INSTRUCTOR, RoleName.ASSESSOR, RoleName.CENTER_MANAGER)


# --- people come --------------------------------------------------------------------------------------------------


@act(weight=0.5)
def sign_up_alone(world: World) -> None:
    """With the own phone, or again although there is a login."""
    (human,) = newcomers(world)
    if world.happens(0.3):
        human = world.pick(world.humans)
    user = sign_up(
        full_name_ar=human.name, birth_date=human.born, phone=human.phone, password=PASSWORD % (human.key, 1)
    )
    if human not in world.humans:
        world.humans.append(human)
    world.actor, human.person = human, user.person_id
    world.owner[user.pk] = human
    world.learn_login(human, user)
    world.subject[user.person_id or 0] = human


@act()
def serve_at_the_desk(world: World) -> None:
    """Somebody comes with their card: a newcomer, or a person on record at any center."""
    user = world.staff(Act.MANAGE_PEOPLE)
    (human,) = newcomers(world)
    if world.happens(0.5):
        human = world.pick([one for one in world.humans if one.person] or [human])
    _serve(world, user, human, name=human.name, is_there=True)


@act()
def give_a_seat_to_a_number(world: World) -> None:
    """At the desk, without the person: who is dishonest types a number that they know, with the part of the name that they know."""
    user = world.staff(Act.ENROLL)
    if world.actor is None or world.actor.goal is not Goal.LOGIN:
        raise NotNow
    target = world.actor.target
    if target is None or ("number", target.number) not in world.actor.knows:
        raise NotNow
    name = target.name if ("name", target.key) in world.actor.knows else target.name.split()[0]
    _serve(world, user, target, name=name, is_there=False)


def _serve(world: World, user: User, human: Human, *, name: str, is_there: bool) -> None:
    form = _filled(world, user, human, name)
    if not form.is_valid():
        raise Refused
    cohort: Cohort | None = form.cleaned_data["cohort"]
    if form.is_carrier_elsewhere and cohort:
        served = enroll_carrier(card=form.card, full_name_ar=name, cohort=cohort, by=user)
    elif form.known_person:
        served = serve_known_person(
            person=form.known_person,
            card=form.card,
            phone=form.phone_answer,
            guardian=form.guardian,
            center=form.cleaned_data["center"],
            cohort=cohort,
            wants_login=form.cleaned_data["wants_login"],
            language="ar",
            by=user,
        )
    else:
        served = register_at_desk(
            facts=form.facts,
            card=form.card,
            phone=form.phone_answer,
            guardian=form.guardian,
            cohort=cohort,
            wants_login=form.cleaned_data["wants_login"],
            language="ar",
            by=user,
        )
    if is_there and human not in world.humans:
        world.humans.append(human)
    if is_there:
        human.person = human.person or served.person.pk
        world.subject.setdefault(served.person.pk, human)
    if world.actor and world.actor.goal:
        # The slip says it.
        world.actor.knows |= {("number", human.number), ("name", human.key)}
    if served.login and served.password:
        world.owner.setdefault(served.login.pk, human)
        if is_there:
            human.logins.add(served.login.pk)


def _filled(world: World, user: User, human: Human, name: str) -> DeskForm:
    cohorts = list(Cohort.objects.filter(state=CohortState.OPEN).order_by("pk"))
    center = world.center_of(user)
    cohorts = [one for one in cohorts if one.center_id == center.pk]
    data: dict[str, Any] = {
        "number": human.number,
        "country": "",
        "full_name_ar": name,
        "full_name_en": "",
        "phone": "",
        "center": center.pk,
        "cohort": world.pick(cohorts).pk if cohorts and world.happens(0.7) else "",
        "wants_login": "on",
        "language": "ar",
        "agrees": "on",
    }
    form = DeskForm(data, user=user)
    if not form.is_valid() and "who" in form.errors:
        # The clerk compares with the card and chooses who it is.
        choices = form.fields["who"].widget.choices
        form = DeskForm({**data, "who": choices[0][0]}, user=user)
    return form


# --- lists --------------------------------------------------------------------------------------------------------


@act()
def check_a_list_of_numbers(world: World) -> None:
    """Guessed numbers without names, among them that of the target; what the check says of each is read."""
    user = world.staff(Act.ENROLL)
    human = world.actor
    if human is None or human.goal is not Goal.LOGIN or human.target is None:
        raise NotNow
    center = world.center_of(user)
    cohort: Cohort = world.row(Cohort.objects.filter(center=center))
    guesses = [one.number for one in world.humans if one.person and world.happens(0.3)] + [
        human.target.number
    ]
    rows = [(number, cohort.code, "") for number in guesses]
    made_up = [f"2900101010{n:03}1" for n in range(3)]
    rows += [(number, cohort.code, "") for number in made_up]
    run = upload_list(
        center_id=center.pk,
        kind=ImportKind.ENROLLMENTS,
        name="list.csv",
        chunks=[csv_of(("الرقم القومي", "المجموعة", "الاسم"), *rows)],
        by=user,
    )
    work_on_import(run_id=run.pk)
    run.refresh_from_db()
    if run.state != JobState.DONE:
        raise Refused
    said = dict(run.faults.values_list("line", "code"))
    unknown = {said.get(2 + len(guesses) + place) for place in range(len(made_up))}
    hits = [number for place, number in enumerate(guesses) if said.get(2 + place) not in unknown]
    human.knows |= {("number", number) for number in hits}
    if hits:
        world.oracles.append(
            f"{human} learns from a list without names which of {len(guesses)} numbers are on record"
        )


@act()
def give_seats_by_a_list(world: World) -> None:
    """With numbers and names as they are on the cards; who is dishonest leaves the name out."""
    user = world.staff(Act.ENROLL)
    human = world.actor
    center = world.center_of(user)
    cohort: Cohort = world.row(Cohort.objects.filter(center=center))
    one = world.pick([one for one in world.humans if one.person])
    name = one.name
    if human and human.goal is Goal.LOGIN and human.target and ("number", human.target.number) in human.knows:
        one, name = human.target, ""
    run = upload_list(
        center_id=center.pk,
        kind=ImportKind.ENROLLMENTS,
        name="list.csv",
        chunks=[csv_of(("الرقم القومي", "المجموعة", "الاسم"), (one.number, cohort.code, name))],
        by=user,
    )
    work_on_import(run_id=run.pk)
    run.refresh_from_db()
    if run.state != JobState.DONE or not run.created:
        raise Refused
    start_import(run_id=run.pk, by=user)
    work_on_import(run_id=run.pk)
    if human and human.goal:
        # The roster shows the name.
        human.knows.add(("name", one.key))


# --- logins of staff ----------------------------------------------------------------------------------------------


@act(weight=0.7)
def make_a_login_of_staff(world: World) -> None:
    """For a new colleague; who is dishonest makes it for themselves, with a card that does not exist."""
    user = world.staff(Act.MANAGE_MEMBERS)
    (colleague,) = newcomers(world)
    world.require(user, Act.MANAGE_MEMBERS, on=world.center_of(user))
    login = create_staff_login(
        full_name_ar=colleague.name, number=colleague.number, phone=colleague.phone, by=user
    )
    # No one has its password yet: a code to the phone and the number of the card open it.
    world.humans.append(colleague)
    world.owner[login.pk] = colleague
    if world.actor and world.actor.goal:
        # A phone and a card of their own making are in their hands.
        world.owner[login.pk] = world.actor
        world.actor.logins.add(login.pk)


@act(weight=1.2)
def give_somebody_a_role(world: World) -> None:
    user = world.staff(Act.MANAGE_MEMBERS)
    center = world.center_of(user)
    own = [key for key in sorted(world.actor.logins) if key != user.pk] if world.actor else []
    key = world.pick(own) if own and world.happens(0.6) else world.pick(sorted(world.owner))
    at_ministry = world.happens(0.3)
    role = world.pick(
        [RoleName.CERTIFYING_OFFICER, RoleName.MINISTRY_OFFICER] if at_ministry else list(LOCAL)
    )
    membership = give_role(
        user_id=key,
        role=role,
        scope=MembershipScope.MINISTRY if at_ministry else MembershipScope.CENTER,
        center=None if at_ministry else center,
        reason=WHY,
        by=user,
    )
    world.did("membership", membership.pk, "gives")


@act(weight=0.6)
def end_somebodys_role(world: World) -> None:
    membership: Membership = world.row(Membership.objects.own().current())
    user = world.staff(Act.MANAGE_MEMBERS)
    end_role(membership_id=membership.pk, reason=WHY, by=user)


@act(weight=0.6)
def name_a_deputy(world: World) -> None:
    user = world.staff()
    held = Membership.objects.own().current().filter(user=user).first()
    if held is None:
        raise NotNow
    today = timezone.localdate()
    name_deputy(
        membership_id=held.pk,
        user_id=world.pick(sorted(world.owner)),
        since=today,
        until=today + dt.timedelta(days=world.chance.randint(0, 9)),
        reason=WHY,
        conflict_reason=WHY,
        by=user,
    )


@act(weight=0.6)
def end_a_deputy(world: World) -> None:
    deputy: Membership = world.row(Membership.objects.current().exclude(lent_from=None))
    end_deputy(deputy_id=deputy.pk, reason=WHY, by=world.staff())


@act(weight=0.5)
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
    choose_password(password=PASSWORD % (login.pk, world.chance.randrange(10**6)), by=login)
    world.forget_login(login, but=human)


@act(weight=0.3)
def close_a_login(world: World) -> None:
    user = world.staff(Act.MANAGE_MEMBERS)
    deactivate_login(user_id=world.pick(sorted(world.owner)), reason=WHY, by=user)


@act(weight=0.6)
def open_a_login_again(world: World) -> None:
    login: User = world.row(User.objects.filter(pk__in=sorted(world.owner), is_active=False))
    reactivate_login(user_id=login.pk, reason=WHY, by=world.staff(Act.MANAGE_MEMBERS))


# --- lost passwords -----------------------------------------------------------------------------------------------


@act()
def ask_for_a_new_password(world: World) -> None:
    """With the person there, who has lost theirs; who is dishonest asks with a number that they know."""
    user = world.staff(Act.HELP_TRAINEES_IN)
    human, center = world.actor, world.center_of(user)
    one = world.pick([one for one in world.humans if one.person])
    if human and human.goal is Goal.LOGIN and human.target and ("number", human.target.number) in human.knows:
        one = human.target
    recovery = ask_for_password(number=one.number, center=center, reason=WHY, by=user)
    world.did("recovery", recovery.pk, "asks")


@act()
def give_a_new_password(world: World) -> None:
    """Who is honest gives it to the person in front of them; where no one is there, they refuse."""
    recovery: PasswordRecovery = world.row(PasswordRecovery.objects.filter(state=RecoveryState.ASKED))
    user = world.staff(Act.HELP_TRAINEES_IN, on=recovery.center)
    asked = world.hands["recovery", recovery.pk].get("asks")
    actor, login = world.actor, recovery.user
    is_plot = asked is not None and asked.goal is Goal.LOGIN and asked.target is world.owner.get(login.pk)
    if is_plot and actor is not asked:
        refuse_password(recovery_id=recovery.pk, by=user)
        return
    give_password(recovery_id=recovery.pk, by=user)
    world.did("recovery", recovery.pk, "gives")
    world.forget_login(login)
    world.learn_login(actor if is_plot and actor else world.owner[login.pk], login)


@act(weight=0.4)
def refuse_a_new_password(world: World) -> None:
    recovery: PasswordRecovery = world.row(PasswordRecovery.objects.all())
    refuse_password(recovery_id=recovery.pk, by=world.staff(Act.HELP_TRAINEES_IN))


# --- records ------------------------------------------------------------------------------------------------------


@act()
def correct_a_name(world: World) -> None:
    """The name on the card is another one: a new spelling of the last part."""
    person: Person = world.row(Person.objects.filter(pk__in=sorted(world.subject), merged_into=None))
    user = world.staff(Act.MANAGE_PEOPLE, on=person)
    world.require(user, Act.MANAGE_PEOPLE, on=person)
    human = world.subject[person.pk]
    name = " ".join([*human.name.split()[:-1], world.pick(("الجديد", "المصري", "الشافعي"))])
    correct_person(person_id=person.pk, full_name_ar=name, by=user)
    human.name = name


@act(weight=0.5)
def merge_two_records(world: World) -> None:
    keep, duplicate = (world.pick(sorted(world.subject)) for _record in range(2))
    if keep == duplicate or (world.subject[keep] is not world.subject[duplicate] and not world.happens(0.1)):
        raise NotNow
    user = world.staff(Act.MANAGE_PEOPLE, on=Person.objects.get(pk=keep))
    world.require(user, Act.MANAGE_PEOPLE, on=Person.objects.get(pk=keep))
    if world.subject[keep] is not world.subject[duplicate]:
        # An honest clerk compares the cards.
        raise Refused
    merge_people(keep_id=keep, duplicate_id=duplicate, reason=WHY, by=user)


@act(weight=0.5)
def take_a_merge_back(world: World) -> None:
    merge: PersonMerge = world.row(PersonMerge.objects.filter(undone_at=None))
    undo_merge(merge_id=merge.pk, reason=WHY, by=world.staff(Act.MANAGE_PEOPLE))
