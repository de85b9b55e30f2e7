"""Replies, the pinned message, slow mode, the staff's own channel and messages switched off."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from live.errors import ChatOff, NoSuchEvent, RoomEnded, SlowMode
from live.models import Event, LiveSession
from live.models.room_rules import RoomRules, rules_of
from live.queries.chat import pinned_in
from live.queries.hands import hands_up
from live.queries.log import logged_events_after
from live.services.chat import pin_message, remove_message, send_message
from live.services.hands import raise_hand
from live.services.rules import change_rules
from live.services.sessions import end_room
from tests.live.conftest import db, enrolled

pytestmark = pytest.mark.django_db(transaction=True)


def say(session: LiveSession, user, text: str, **facts) -> Event:
    return send_message(session_id=session.pk, by=user, text=text, client_id=uuid.uuid4(), **facts)


def set_rules(session: LiveSession, by, **changes) -> None:
    change_rules(session_id=session.pk, by=by, changes=changes)


@pytest.mark.engines("sockets of a whole server")
async def test_a_reply_names_the_message_it_answers(server, session, trainee, instructor):
    async with server.member(session, trainee) as asking, server.member(session, instructor) as staff:
        question = await asking.ask("chat.send", text="كم فولت؟")
        answer = await staff.ask("chat.send", text="٢٢٠", reply_to=question["seq"])
        events = await asking.until(answer["seq"])

    assert [event.get("of") for event in events] == [None, question["seq"]]


@pytest.mark.parametrize("is_removed", [True, False], ids=["removed", "never written"])
def test_a_reply_to_a_missing_message_is_refused(session, trainee, instructor, is_removed):
    target = 99
    if is_removed:
        target = say(session, trainee, "كلام").seq
        remove_message(session_id=session.pk, by=instructor, seq=target)

    with pytest.raises(NoSuchEvent):
        say(session, trainee, "رد", reply_to=target)


@pytest.mark.engines("sockets of a whole server")
async def test_one_message_is_pinned_and_a_newcomer_sees_it(server, session, trainee, instructor):
    async with server.member(session, instructor) as staff:
        first = await staff.ask("chat.send", text="الأولى")
        second = await staff.ask("chat.send", text="الثانية")
        await staff.ask("message.pin", seq=first["seq"])
        await staff.ask("message.pin", seq=second["seq"])
        async with server.member(session, trainee) as newcomer:
            shown = newcomer.welcome["pinned"]
            unpinned = await staff.ask("message.unpin")
            events = await newcomer.until(unpinned["seq"])
        again = await staff.ask("message.unpin")

    assert (shown["of"], shown["text"]) == (second["seq"], "الثانية")
    assert [(event["kind"], event["of"]) for event in events] == [("chat.unpinned", shown["seq"])]
    assert again["seq"] is None


def test_the_text_of_a_removed_message_is_not_replayed_by_its_pin(session, trainee, instructor):
    message = say(session, trainee, "رقم هاتفي ٠١٠")
    pin_message(session_id=session.pk, by=instructor, seq=message.seq)
    remove_message(session_id=session.pk, by=instructor, seq=message.seq)

    logged = logged_events_after(session.pk, 0, 100)

    assert pinned_in(session.pk) is None
    assert not [event for event in logged if "٠١٠" in event.text]
    # A hub that buffers the original events is told which of them to hide.
    assert [event.hides.seq for event in logged if event.hides] == [2, 1]


@pytest.mark.engines("sockets of a whole server")
async def test_slow_mode_delays_the_next_message_of_a_trainee_and_tells_how_long(
    server, session, trainee, instructor
):
    async with server.member(session, instructor) as staff, server.member(session, trainee) as client:
        changed = await staff.ask("rules.set", slow_seconds=30)
        events = await client.until(changed["seq"])
        await client.ask("chat.send", text="١")
        refused = await client.ask("chat.send", text="٢")
        by_staff = [(await staff.ask("chat.send", text=text))["type"] for text in "أب"]
        async with server.member(session, trainee, device="device-2") as reloaded:
            rules = reloaded.welcome["rules"]

    assert events[0]["slow_seconds"] == 30
    assert (refused["code"], 25 <= refused["seconds"] <= 30) == ("slow_mode", True)
    assert by_staff == ["ack", "ack"]
    assert rules["slow_seconds"] == 30
    assert 25 <= rules["wait"] <= 30


def test_slow_mode_is_over_after_its_seconds(session, trainee, instructor):
    set_rules(session, instructor, slow_seconds=10)
    Event.objects.create(
        session=session,
        seq=90,
        kind="chat",
        actor=trainee,
        payload={"text": "قبل"},
        created_at=timezone.now() - dt.timedelta(seconds=8),
    )
    with pytest.raises(SlowMode) as refused:
        say(session, trainee, "مبكر")
    set_rules(session, instructor, slow_seconds=5)

    assert refused.value.facts["seconds"] == 2
    assert say(session, trainee, "في وقته")


def test_a_message_sent_again_is_not_held_up_by_slow_mode(session, trainee, instructor):
    set_rules(session, instructor, slow_seconds=60)
    key = uuid.uuid4()
    first = send_message(session_id=session.pk, by=trainee, text="مرة", client_id=key)

    assert send_message(session_id=session.pk, by=trainee, text="مرة", client_id=key) == first


def test_messages_of_trainees_are_switched_off_and_on(session, trainee, instructor):
    set_rules(session, instructor, trainee_chat=False)
    with pytest.raises(ChatOff):
        say(session, trainee, "هل تسمعونني؟")
    assert say(session, instructor, "نعم")
    assert raise_hand(session_id=session.pk, by=trainee)
    set_rules(session, instructor, trainee_chat=True)

    assert say(session, trainee, "شكرا")


@pytest.mark.engines("sockets of a whole server")
async def test_messages_among_staff_reach_no_trainee(server, session, trainee, instructor):
    async with server.member(session, instructor) as staff, server.member(session, trainee) as client:
        said = await staff.ask("staff.say", text="من يرد على سعاد؟")
        seen_by_staff = await staff.until(said["seq"])
        seen_by_trainee = await client.until(said["seq"])
        async with server.member(session, trainee, since=0, device="device-2") as replayed:
            replay = await replayed.until(said["seq"])
            fresh = replayed.welcome
        async with server.member(session, instructor, device="device-3") as reloaded:
            kept = reloaded.welcome["staff_talk"]
        refused = await client.ask("staff.say", text="أنا أيضا")

    assert seen_by_staff[0]["text"] == kept[0]["text"] == "من يرد على سعاد؟"
    assert set(seen_by_trainee[0]) == set(replay[0]) == {"seq", "kind", "at"}
    assert fresh["staff_talk"] == []
    assert refused["code"] == "staff_only"


@pytest.mark.engines("sockets of a whole server")
async def test_a_trainee_sets_no_rules_and_a_rule_out_of_bounds_is_malformed(
    server, session, trainee, instructor
):
    async with server.member(session, trainee) as client, server.member(session, instructor) as staff:
        by_trainee = await client.ask("rules.set", slow_seconds=0)
        wrong = [
            await staff.ask("rules.set", **facts)
            for facts in ({}, {"slow_seconds": -1}, {"slow_seconds": 9999}, {"trainee_chat": "no"})
        ]

    assert by_trainee["code"] == "staff_only"
    assert [answer["code"] for answer in wrong] == ["malformed"] * 4
    assert await db(Event.objects.filter(session=session).count) == 0


def test_rules_are_stored_with_settings_of_other_tools_and_set_once(session, instructor):
    session.settings = {"another_tool": 1}
    session.save()
    set_rules(session, instructor, slow_seconds=5)
    set_rules(session, instructor, slow_seconds=5)
    session.refresh_from_db()

    assert session.settings == {"another_tool": 1, "slow_seconds": 5}
    assert rules_of(session) == RoomRules(slow_seconds=5)
    assert session.seq == 1
    end_room(session_id=session.pk, by=instructor, reason="انقطاع التيار")
    with pytest.raises(RoomEnded):
        set_rules(session, instructor, slow_seconds=0)


@pytest.mark.engines("sockets of a whole server")
async def test_a_name_cannot_turn_the_text_around_it(server, session, instructor):
    sly = await db(enrolled, session, person__full_name_ar="\u202eأحمد\u2066 \u0007علي")
    async with server.member(session, sly) as client, server.member(session, instructor) as staff:
        raised = await client.ask("hand.raise")
        called = await staff.ask("hand.call", seq=raised["seq"])
        events = await staff.until(called["seq"])
        me = client.welcome["me"]
        async with server.member(session, instructor, device="device-2") as later:
            hands = later.welcome["hands"]

    assert {me["name"], events[0]["name"], events[1]["whose"], hands[0]["name"]} == {"أحمد علي"}


def test_a_name_logged_before_names_were_cleaned_is_cleaned_on_its_way_out(session, trainee):
    Event.objects.create(
        session=session,
        seq=1,
        kind="hand.called",
        subject=trainee,
        target=1,
        name="\u202eمدرب",
        payload={"whose": "\u2067متدرب"},
        created_at=timezone.now(),
    )

    (logged,) = logged_events_after(session.pk, 0, 10)

    assert hands_up(session.pk)[0].name == "متدرب"
    assert "\u202e" not in logged.text
    assert "\u2067" not in logged.text


def test_no_one_is_shown_by_the_number_they_log_in_with(session, instructor):
    instructor.username = instructor.display_name = ""
    instructor.username, instructor.phone = None, "+201012345678"
    instructor.save()

    assert "2010" not in say(session, instructor, "أهلا").name
