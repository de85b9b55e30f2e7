"""People come, at the desk, alone and by lists; their records."""

from typing import Any

from accounts.enums import (
    Act,
    DataRequestKind,
    DataRequestState,
)
from accounts.models import (
    DataRequest,
    Membership,
    Person,
    PersonMerge,
    User,
)
from accounts.services.data_requests import ask_about_data, decide_data_request
from accounts.services.logins import (
    sign_up,
)
from accounts.services.merging import merge_people, undo_merge
from accounts.services.number_misses import note_miss
from accounts.services.people import correct_person, register_person
from certificates.models import Credential
from courses.enums import CohortState, ImportKind
from courses.forms.desk import DeskForm
from courses.models import Cohort, Enrollment
from courses.services.desk import Served, enroll_carrier, register_at_desk, serve_known_person
from courses.services.imports import start_import, upload_list, work_on_import
from jobs.enums import JobState
from scripts.world.acts.logins import a_password
from scripts.world.acts.seats import WHY
from scripts.world.history import World
from scripts.world.people import Goal, Human
from scripts.world.registry import NotNow, Refused, act
from scripts.world.stage import newcomers
from tests.courses.imports.lists import csv_of

# --- people come --------------------------------------------------------------------------------------------------


@act(weight=0.5)
def sign_up_alone(world: World) -> None:
    """With the own phone, or again although there is a login."""
    (human,) = newcomers(world)
    if world.happens(0.3):
        human = world.pick(world.humans)
    user = sign_up(
        full_name_ar=human.name,
        birth_date=human.born,
        phone=human.phone,
        password=a_password(world, human.key, 1),
    )
    if human not in world.humans:
        world.humans.append(human)
    world.erased = [one for one in world.erased if one is not human]
    world.actor, human.person = human, user.person_id
    world.owner[user.pk] = human
    world.learn_login(human, user)
    world.subject[user.person_id or 0] = human


@act(weight=0.5)
def sign_up_as_another(world: World) -> None:
    """With the name and the phone of somebody who has never been here."""
    human = world.pick([one for one in world.humans if one.goal is Goal.LOGIN])
    (victim,) = newcomers(world)
    world.actor = human
    user = sign_up(
        full_name_ar=victim.name,
        birth_date=victim.born,
        phone=victim.phone,
        password=a_password(world, victim.key, 2),
    )
    world.humans.append(victim)
    world.borrowed.append(victim.name)
    human.target = victim
    world.learn_login(human, user)
    world.subject[user.person_id or 0] = human


@act(weight=1.5)
def serve_at_the_desk(world: World) -> None:
    """Somebody comes with their card: a newcomer, or a person on record at any center."""
    user = world.staff(Act.MANAGE_PEOPLE)
    (human,) = newcomers(world)
    if world.happens(0.7):
        first_time = [one for one in world.humans if not one.person and not one.logins]
        known = [one for one in world.humans if one.person] or [human]
        human = world.pick(first_time if first_time and world.happens(0.5) else known)
    _serve(world, user, human, name=human.name, is_there=True)


@act(serves=Goal.LOGIN)
def give_a_seat_to_a_number(world: World) -> None:
    """At the desk, without the person, of whom the center has a record; who is dishonest types a number that they know, with the part of
    the name that they know.
    """
    user = world.staff(Act.ENROLL)
    target = world.actor and world.actor.target
    if world.actor is None or target is None or ("number", target.number) not in world.actor.knows:
        places = set(Membership.objects.current().filter(user=user).values_list("center", flat=True))
        known = world.pick([one for one in world.humans if one.person and one.home in places])
        _serve(world, user, known, name=known.name, is_there=False)
        return
    name = target.name if ("name", target.key) in world.actor.knows else target.name.split()[0]
    _serve(world, user, target, name=name, is_there=False)


def _serve(world: World, user: User, human: Human, *, name: str, is_there: bool) -> None:
    form = _filled(world, user, human, name, is_there=is_there)
    if not form.is_valid():
        if form.missed_number:
            note_miss(center=form.cleaned_data["center"], by=user, fingerprint=form.missed_number)
        raise Refused
    former = User.objects.filter(person=form.known_person).first() if form.known_person else None
    cohort: Cohort | None = form.cleaned_data["cohort"]
    served = _served(form, cohort, name, by=user)
    if is_there and human not in world.humans:
        world.humans.append(human)
    if is_there:
        # Who was erased may come again.
        world.erased = [one for one in world.erased if one is not human]
        human.person = human.person or served.person.pk
        human.home = human.home or form.cleaned_data["center"].pk
        world.subject[served.person.pk] = human
    if world.actor and world.actor.goal:
        # The slip says it.
        world.actor.knows |= {("number", human.number), ("name", human.key)}
    if is_there and former is not None:
        world.tie(User.objects.get(pk=former.pk), human, former=former.password)
    if served.login and served.password:
        world.owner.setdefault(served.login.pk, human)
        if is_there:
            human.logins.add(served.login.pk)
    elif form.missed_number:
        note_miss(center=form.cleaned_data["center"], by=user, fingerprint=form.missed_number)


def _served(form: DeskForm, cohort: Cohort | None, name: str, *, by: User) -> Served:
    """As the page does."""
    if form.is_carrier_elsewhere and cohort:
        return enroll_carrier(card=form.card, full_name_ar=name, cohort=cohort, by=by)
    if form.known_person:
        return serve_known_person(
            person=form.known_person,
            card=form.card,
            phone=form.phone_answer,
            guardian=form.guardian,
            center=form.cleaned_data["center"],
            cohort=cohort,
            wants_login=form.cleaned_data["wants_login"],
            language="ar",
            by=by,
        )
    return register_at_desk(
        facts=form.facts,
        card=form.card,
        phone=form.phone_answer,
        guardian=form.guardian,
        cohort=cohort,
        wants_login=form.cleaned_data["wants_login"],
        language="ar",
        by=by,
    )


def _filled(world: World, user: User, human: Human, name: str, *, is_there: bool) -> DeskForm:
    cohorts = list(Cohort.objects.filter(state=CohortState.OPEN).order_by("pk"))
    center = world.center_of(user)
    cohorts = [one for one in cohorts if one.center_id == center.pk]
    data: dict[str, Any] = {
        "number": human.number,
        "country": "",
        "full_name_ar": name,
        "full_name_en": "",
        # Whose phone rings at the desk.
        "phone": human.phone if is_there and not human.person else "",
        "was_called": "on" if is_there else "",
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


@act(weight=1.5, serves=Goal.LOGIN)
def check_a_list_of_numbers(world: World) -> None:
    """Guessed numbers without names, among them that of the target; what the check says of each is read."""
    user = world.staff(Act.ENROLL)
    human = world.actor
    center = world.center_of(user)
    cohort: Cohort = world.row(Cohort.objects.filter(center=center))
    guesses = [
        one.number
        for one in world.humans
        if (human and one is human.target) or (one.person and world.happens(0.3))
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
    # Those of an own center are on its lists of people.
    places = set(Membership.objects.current().filter(user=user).values_list("center", flat=True))
    theirs = {one.number for one in world.humans if None not in places and one.home not in places}
    hits = [
        number
        for place, number in enumerate(guesses)
        if number in theirs and said.get(2 + place) not in unknown
    ]
    if human and human.goal:
        human.knows |= {("number", number) for number in hits}
    if hits:
        world.oracles.append(
            f"{human} learns from a list without names which of {len(guesses)} numbers are on record"
        )


@act(serves=Goal.LOGIN)
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


# --- records ------------------------------------------------------------------------------------------------------


@act()
def register_without_a_card(world: World) -> None:
    """Somebody on record at the center is registered there once more, since the clerk did not look for them."""
    user = world.staff(Act.MANAGE_PEOPLE)
    center = world.center_of(user)
    world.require(user, Act.MANAGE_PEOPLE, on=center)
    human = world.pick([one for one in world.humans if one.person and one.home == center.pk])
    person = register_person(full_name_ar=human.name, birth_date=human.born, registered_at=center, by=user)
    world.subject[person.pk] = human


@act(weight=1.5)
def correct_a_name(world: World) -> None:
    """The name on the card is another one: a new spelling of the last part."""
    rows = Person.objects.filter(pk__in=sorted(world.subject), merged_into=None)
    person: Person = world.apt(rows, rows.filter(pk__in=Credential.objects.live().values("holder")))
    user = world.staff(Act.MANAGE_PEOPLE, on=person)
    world.require(user, Act.MANAGE_PEOPLE, on=person)
    human = world.subject[person.pk]
    name = " ".join([*human.name.split()[:-1], world.pick(("الجديد", "المصري", "الشافعي"))])
    correct_person(person_id=person.pk, full_name_ar=name, by=user)
    if human.person == person.pk:
        # One who is on record twice has two names until the two are merged, and shows the first.
        human.name = name


@act(weight=2)
def merge_two_records(world: World) -> None:
    keys = sorted(world.subject)
    of_one = [
        (one, other)
        for one in keys
        for other in keys
        if one != other and world.subject[one] is world.subject[other] and world.subject[one].person == one
    ]
    keep, duplicate = world.pick(of_one) if world.fits() else world.chance.sample(keys, 2)
    kept = Person.objects.filter(pk=keep).first()
    if kept is None:
        # A page of people does not show it any more.
        raise Refused
    user = world.staff(Act.MANAGE_PEOPLE, on=kept)
    world.require(user, Act.MANAGE_PEOPLE, on=kept)
    if world.subject[keep] is not world.subject[duplicate]:
        # A clerk compares the cards.
        raise NotNow
    before = dict(Enrollment.objects.filter(person__in=(keep, duplicate)).values_list("pk", "person"))
    merge = merge_people(keep_id=keep, duplicate_id=duplicate, reason=WHY, by=user)
    world.merged[merge.pk] = before


@act(weight=2)
def take_a_merge_back(world: World) -> None:
    merge: PersonMerge = world.row(PersonMerge.objects.all())
    user = world.staff(Act.MANAGE_PEOPLE, on=merge.kept)
    world.require(user, Act.MANAGE_PEOPLE, on=merge.kept)
    undo_merge(merge_id=merge.pk, reason=WHY, by=user)
    before = world.merged.pop(merge.pk, {})
    now = dict(Enrollment.objects.filter(pk__in=before).values_list("pk", "person"))
    world.kept += [
        f"enrollment {key} is of record {now[key]} after a merge was undone, and was of {record}"
        for key, record in before.items()
        if key in now and now[key] != record
    ]


@act(weight=1.8)
def ask_to_be_erased(world: World) -> None:
    """Sometimes once more, while an answer is due, or twice at once."""
    user = world.trainee(world.pick(world.humans))
    if world.happens(0.4):
        asking = DataRequest.objects.filter(state=DataRequestState.OPEN)
        asked = User.objects.filter(person__in=asking.values("person"), pk__in=sorted(world.owner))
        user = world.trainee(world.owner.get(world.row(asked).pk) or world.pick(world.humans))
    for _time in range(2 if world.strays() else 1):
        ask_about_data(kind=DataRequestKind.ERASE, text=WHY, by=user)


@act(weight=3)
def decide_to_erase(world: World) -> None:
    """One proposes it, another one erases."""
    rows = DataRequest.objects.all()
    waiting = rows.filter(state__in=(DataRequestState.OPEN, DataRequestState.PROPOSED))
    request: DataRequest = world.apt(rows, waiting)
    human = world.subject.get(request.person_id)
    decided = decide_data_request(
        request_id=request.pk, is_done=world.happens(0.7), answer=WHY, by=world.staff(Act.PROTECT_DATA)
    )
    if decided.state == DataRequestState.PROPOSED:
        world.did("data request", request.pk, "proposes to erase")
    if decided.state == DataRequestState.DONE and human is not None:
        world.did("data request", request.pk, "erases")
        for key in [key for key, owner in world.owner.items() if owner is human]:
            world.forget_login(User.objects.get(pk=key))
            del world.owner[key]
        world.subject = {key: one for key, one in world.subject.items() if one is not human}
        world.erased.append(human)
        human.person = None
