"""Lobby, lock, kick, removal, mute all, co-instructors and the roster."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from wagtail.models import ModelLogEntry

from accounts.enums import RoleName
from accounts.folding import fold_arabic
from accounts.models import User
from accounts.services.memberships import end_role
from live.enums import LiveRole
from live.errors import InLobby, Muted, NoSuchPerson, RoomLocked
from live.hub import CloseCode
from live.models import Event, RoomEntry
from live.queries.admission import live_sessions_of, participant_key, role_in, still_admitted
from live.queries.calendar import classes_of
from live.queries.people import roster_of, waiting_in
from live.services.board import write_notes
from live.services.chat import send_message
from live.services.hands import raise_hand
from live.services.lobby import add_host, admit, admit_all, remove_host, wait_in_lobby
from live.services.moderation import (
    kick_person,
    mute_all,
    mute_person,
    readmit_person,
    remove_person,
    unmute_all,
    unmute_person,
)
from live.services.rules import change_rules
from live.services.tickets import redeem_ticket
from tests.factories.accounts import MembershipFactory, TraineeFactory, UserFactory
from tests.live.conftest import db, enrolled, ticket_for

pytestmark = pytest.mark.django_db(transaction=True)


def address(name: str, session, **more) -> str:
    with translation.override("ar"):
        return reverse(f"live:{name}", kwargs={"public_id": session.class_session.public_id, **more})


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def key(session, user) -> str:
    return participant_key(session.pk, user.pk)


def set_rules(session, by, **changes) -> None:
    change_rules(session_id=session.pk, by=by, changes=changes)
    session.refresh_from_db()


def come_in(session, user) -> None:
    redeem_ticket(ticket=ticket_for(session, user))


def actions() -> list[str]:
    return list(ModelLogEntry.objects.filter(action__startswith="live.").values_list("action", flat=True))


# --- Lobby and lock ------------------------------------------------------------------------------------------------


def test_a_trainee_waits_until_let_in_and_is_told_so(session, trainee, instructor):
    set_rules(session, instructor, lobby=True)
    client = client_of(trainee)

    first, again = [client.post(address("ticket", session)) for _ in range(2)]
    waiting = [event.subject for event in waiting_in(session.pk)]
    admit(session_id=session.pk, by=instructor, who=key(session, trainee))
    let_in = client.post(address("ticket", session))

    assert (first.status_code, first.json()["code"], again.json()["code"]) == (403, "in_lobby", "in_lobby")
    assert "المدرب" in first.json()["message"]
    assert waiting == [trainee]
    assert let_in.status_code == 200
    assert waiting_in(session.pk) == []


def test_all_who_wait_are_admitted_at_once_and_later_people_wait(session, trainee, instructor):
    late = enrolled(session)
    set_rules(session, instructor, lobby=True)
    wait_in_lobby(session_id=session.pk, by=trainee)
    admit_all(session_id=session.pk, by=instructor)
    wait_in_lobby(session_id=session.pk, by=late)

    come_in(session, trainee)
    with pytest.raises(InLobby):
        come_in(session, late)
    assert admit_all(session_id=session.pk, by=instructor) is not None
    assert admit_all(session_id=session.pk, by=instructor) is None


def test_who_does_not_wait_cannot_be_let_in(session, trainee, instructor):
    for who in (key(session, trainee), "0" * 12):
        with pytest.raises(NoSuchPerson):
            admit(session_id=session.pk, by=instructor, who=who)


def test_a_locked_room_admits_people_who_were_in_and_no_newcomers(session, trainee, instructor):
    new = enrolled(session)
    come_in(session, trainee)
    set_rules(session, instructor, locked=True)

    come_in(session, trainee)
    come_in(session, instructor)
    with pytest.raises(RoomLocked):
        come_in(session, new)
    assert waiting_in(session.pk) == []


def test_a_ticket_from_before_the_lock_does_not_open_a_locked_room(session, trainee, instructor):
    ticket = ticket_for(session, trainee)
    set_rules(session, instructor, locked=True)

    with pytest.raises(RoomLocked):
        redeem_ticket(ticket=ticket)


@pytest.mark.engines("sockets of a whole server")
async def test_who_waits_is_shown_to_the_staff_alone(server, session, trainee, instructor):
    inside = await db(enrolled, session)
    async with server.member(session, instructor) as staff, server.member(session, inside) as client:
        await staff.ask("rules.set", lobby=True)
        waiting = await db(wait_in_lobby, session_id=session.pk, by=trainee)
        by_staff = await staff.until(waiting.seq)
        by_trainee = await client.until(waiting.seq)
        async with server.member(session, instructor, device="device-2") as second:
            lobby = second.welcome["lobby"]
        refused = await client.ask("lobby.admit_all")
        admitted = await staff.ask("lobby.admit", who=lobby[0]["who"])

    assert by_staff[-1]["who"] == lobby[0]["who"] == key(session, trainee)
    assert set(by_trainee[-1]) == {"seq", "kind", "at"}
    assert refused["code"] == "staff_only"
    assert admitted["type"] == "ack"


# --- Sending out, muting -------------------------------------------------------------------------------------------


@pytest.mark.engines("sockets of a whole server")
async def test_a_kicked_person_is_out_at_once_and_may_come_back(server, session, trainee, instructor):
    async with server.member(session, trainee) as client, server.member(session, instructor) as staff:
        await client.ask("hand.raise")
        await staff.ask("person.kick", who=key(session, trainee))
        code = await client.closed(within=5)
        kinds = [event["kind"] for event in client.events]
        async with server.member(session, trainee, device="device-2") as back:
            again = await back.ask("hand.raise")

    assert code == CloseCode.NOT_ADMITTED
    assert kinds == ["hand.raised", "hand.lowered", "person.kicked"]
    assert again["type"] == "ack"


def test_a_removed_person_may_come_back_once_readmitted(session, trainee, instructor):
    come_in(session, trainee)
    remove_person(session_id=session.pk, by=instructor, who=key(session, trainee))
    refused = client_of(trainee).post(address("ticket", session))
    readmit_person(session_id=session.pk, by=instructor, who=key(session, trainee))
    remove_person(session_id=session.pk, by=instructor, who=key(session, trainee))
    readmit_person(session_id=session.pk, by=instructor, who=key(session, trainee))

    come_in(session, trainee)
    assert refused.json()["code"] == "removed"
    assert readmit_person(session_id=session.pk, by=instructor, who=key(session, trainee)) is None
    assert actions().count("live.person.readmitted") == 2


def test_a_removed_person_is_no_longer_admitted_to_a_room_that_is_open_on_their_device(
    session, trainee, instructor
):
    come_in(session, trainee)
    before = still_admitted(session.pk, {trainee.pk, instructor.pk})

    remove_person(session_id=session.pk, by=instructor, who=key(session, trainee))

    assert before == {trainee.pk, instructor.pk}
    assert still_admitted(session.pk, {trainee.pk, instructor.pk}) == {instructor.pk}


@pytest.mark.parametrize("act", [mute_person, kick_person, remove_person])
def test_staff_strangers_and_unknown_keys_cannot_be_moderated(session, trainee, instructor, act):
    stranger = TraineeFactory()
    come_in(session, instructor)
    for who in (key(session, instructor), key(session, stranger), "0" * 12):
        with pytest.raises(NoSuchPerson):
            act(session_id=session.pk, by=instructor, who=who)
    assert Event.objects.filter(session=session).count() == 0


def test_all_are_muted_but_the_staff_and_single_ones_may_speak_again(session, trainee, instructor):
    other, late = enrolled(session), enrolled(session)

    def says(user) -> bool:
        try:
            send_message(session_id=session.pk, by=user, text="نعم", client_id=uuid.uuid4())
        except Muted:
            return False
        return True

    mute_all(session_id=session.pk, by=instructor)
    unmute_person(session_id=session.pk, by=instructor, who=key(session, other))
    after_mute = [says(user) for user in (trainee, other, late, instructor)]
    mute_person(session_id=session.pk, by=instructor, who=key(session, other))
    unmute_all(session_id=session.pk, by=instructor)
    after_unmute = [says(user) for user in (trainee, other, late)]

    assert after_mute == [False, True, False, True]
    assert after_unmute == [True, True, True]


# --- Co-instructors ------------------------------------------------------------------------------------------------


def test_a_member_of_the_centers_staff_is_made_co_instructor_of_this_class_only(session, instructor):
    center = session.class_session.cohort.center
    assessor = MembershipFactory(role=RoleName.ASSESSOR, center=center).user
    assert client_of(assessor).get(address("room", session)).status_code == 404
    found = client_of(instructor).get(address("candidates", session)).json()["people"]

    add_host(session_id=session.pk, by=instructor, who=found[0]["who"])

    assert [one["who"] for one in found] == [key(session, assessor)]
    assert role_in(session, assessor) == LiveRole.INSTRUCTOR
    assert client_of(assessor).get(address("room", session)).status_code == 200
    assert client_of(instructor).get(address("candidates", session)).json()["people"] == []
    remove_host(session_id=session.pk, by=instructor, who=key(session, assessor))
    assert role_in(session, assessor) is None
    assert actions().count("live.host.add") == actions().count("live.host.remove") == 1


def test_only_staff_of_the_center_become_and_stay_co_instructors(session, trainee, instructor):
    elsewhere = MembershipFactory(role=RoleName.ASSESSOR).user
    membership = MembershipFactory(role=RoleName.ASSESSOR, center=session.class_session.cohort.center)
    for user in (elsewhere, trainee, instructor):
        with pytest.raises(NoSuchPerson):
            add_host(session_id=session.pk, by=instructor, who=key(session, user))
    add_host(session_id=session.pk, by=instructor, who=key(session, membership.user))
    membership.delete()

    assert role_in(session, membership.user) is None


@pytest.mark.parametrize("named", ["class", "cohort"])
def test_the_named_instructor_gives_the_class_while_they_have_the_role(session, named):
    instructor = MembershipFactory(role=RoleName.INSTRUCTOR)
    meeting = session.class_session
    if named == "class":
        meeting.instructor = instructor.user
        meeting.save()
    else:
        meeting.cohort.instructors.add(instructor.user)
    before = (role_in(session, instructor.user), list(live_sessions_of(instructor.user)))

    end_role(membership_id=instructor.pk, reason="left", by=UserFactory(is_superuser=True))

    assert before == (LiveRole.INSTRUCTOR, [session])
    user = User.objects.get(pk=instructor.user_id)
    assert (role_in(session, user), list(live_sessions_of(user)), list(classes_of(user))) == (None, [], [])
    assert client_of(user).get(address("room", session)).status_code == 404


def test_an_instructor_who_becomes_an_inspector_is_no_longer_staff_of_the_room(session, instructor):
    MembershipFactory(user=instructor, role=RoleName.INSPECTOR, center=session.class_session.cohort.center)
    before = still_admitted(session.pk, {instructor.pk}, {instructor.pk})

    for membership in instructor.memberships.filter(role=RoleName.INSTRUCTOR):
        end_role(membership_id=membership.pk, reason="left", by=UserFactory(is_superuser=True))

    assert before == {instructor.pk}
    assert still_admitted(session.pk, {instructor.pk}, {instructor.pk}) == set()
    assert still_admitted(session.pk, {instructor.pk}) == {instructor.pk}


# --- The roster ----------------------------------------------------------------------------------------------------


def test_the_roster_is_for_staff_and_shows_who_is_present(session, trainee, instructor):
    name = "هالة محمود السيد علي"
    absent = enrolled(session, person__full_name_ar=name, person__folded_name=fold_arabic(name))
    come_in(session, trainee)
    raise_hand(session_id=session.pk, by=trainee)
    mute_person(session_id=session.pk, by=instructor, who=key(session, trainee))

    answer = client_of(instructor).get(address("roster", session)).json()
    found = client_of(instructor).get(address("roster", session), {"q": "هاله", "page": "x"}).json()

    people = {one["who"]: one for one in answer["people"]}
    here = people[key(session, trainee)]
    assert answer["people"][0] == here
    assert (here["is_here"], here["has_hand_up"], here["is_muted"], here["is_staff"]) == (
        True,
        True,
        True,
        False,
    )
    assert people[key(session, absent)]["is_here"] is False
    assert [one["who"] for one in found["people"]] == [key(session, absent)]
    assert client_of(trainee).get(address("roster", session)).status_code == 404


@pytest.mark.parametrize("count", [1, 55])
def test_the_roster_asks_the_same_of_the_database_however_long(session, count, django_assert_num_queries):
    for _ in range(count):
        come_in(session, enrolled(session))
    session.class_session.cohort  # noqa: B018 - read beforehand

    with django_assert_num_queries(6):
        people, page = roster_of(session)

    assert len(people) == min(count, 50)
    assert page.paginator.count == count


@pytest.mark.engines("sockets of a whole server")
async def test_how_many_are_here_passes_as_one_number(server, session, trainee, instructor):
    async with server.member(session, instructor) as staff:
        alone = staff.welcome["here"]
        async with server.member(session, trainee) as client:
            both = client.welcome["here"]
            told = await staff.passing("here", lambda frame: frame["count"] == 2)

    assert (alone, both) == (1, 2)
    assert set(told[-1]) == {"type", "kind", "count"}
    assert await db(Event.objects.filter(session=session).count) == 0
    assert await db(RoomEntry.objects.filter(session=session).count) == 2


def test_messages_are_not_shown_to_people_in_the_lobby(session, trainee, instructor):
    send_message(session_id=session.pk, by=instructor, text="سر الحصة", client_id=uuid.uuid4())
    write_notes(session_id=session.pk, by=instructor, text="ملاحظة الحصة", revision=0)
    client = client_of(trainee)
    set_rules(session, instructor, lobby=True)
    outside = client.get(address("room", session)).content.decode()
    wait_in_lobby(session_id=session.pk, by=trainee)
    admit_all(session_id=session.pk, by=instructor)
    inside = client.get(address("room", session)).content.decode()

    assert ("سر الحصة" in outside, "ملاحظة الحصة" in outside) == (False, False)
    assert ("سر الحصة" in inside, "ملاحظة الحصة" in inside) == (True, True)
