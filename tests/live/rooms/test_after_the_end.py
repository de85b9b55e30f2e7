"""After the end of a class its tools are disabled: the server refuses commands, and pages do not offer them."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import MembershipScope, RoleName
from live.enums import EventKind, Reaction
from live.errors import RoomEnded
from live.models import Event, LiveSession
from live.services.board import start_timer
from live.services.drawing import draw_stroke, show_board
from live.services.events import append_event
from live.services.hands import raise_hand
from live.services.moderation import mute_all
from live.services.reactions import react
from live.services.sessions import end_room
from tests.factories.accounts import MembershipFactory
from tests.factories.live import OpenLiveSessionFactory
from tests.live.conftest import enrolled, instructor_of

pytestmark = pytest.mark.django_db

# Tools that inspectors do not get: answer, vote, ask, react, raise a hand.
TAKES_PART = (
    "data-reply ",
    "data-poll-submit",
    "data-question-form",
    "data-question-act",
    "data-reaction=",
    "data-hand>",
    "data-check-answer",
)


@pytest.fixture
def ended(db: None) -> LiveSession:
    session = OpenLiveSessionFactory()
    end_room(session_id=session.pk, by=instructor_of(session), reason="انقطاع التيار")
    session.refresh_from_db()
    return session


def room_of(session: LiveSession, user) -> str:
    client = Client()
    client.force_login(user)
    return client.get(reverse("live:room", args=[session.class_session.public_id])).content.decode()


@pytest.mark.parametrize("kind", [kind for kind in EventKind if kind != EventKind.ROOM_ENDED])
def test_nothing_more_is_written_of_an_ended_class(ended: LiveSession, kind: EventKind):
    before = Event.objects.filter(session=ended).count()

    with pytest.raises(RoomEnded):
        append_event(session=ended, kind=kind, actor=None)

    assert Event.objects.filter(session=ended).count() == before


def test_hands_board_and_reactions_are_refused_with_a_message(ended: LiveSession):
    instructor, trainee = instructor_of(ended), enrolled(ended)
    acts = (
        lambda: raise_hand(session_id=ended.pk, by=trainee),
        lambda: show_board(session_id=ended.pk, by=instructor),
        lambda: draw_stroke(session_id=ended.pk, by=instructor, shown=1, points=[1, 1, 2, 2]),
        lambda: react(session_id=ended.pk, by=trainee, reaction=Reaction.choices[0][0]),
        lambda: start_timer(session_id=ended.pk, by=instructor, seconds=60),
        lambda: mute_all(session_id=ended.pk, by=instructor),
    )

    for act in acts:
        with pytest.raises(RoomEnded):
            act()


def test_an_inspector_is_offered_no_tool_of_those_who_take_part():
    session = OpenLiveSessionFactory()
    inspector = MembershipFactory(role=RoleName.INSPECTOR, scope=MembershipScope.MINISTRY, center=None).user

    page = room_of(session, inspector)

    assert [tool for tool in TAKES_PART if tool in page] == []
    # A trainee has them all.
    assert [tool for tool in TAKES_PART if tool not in room_of(session, enrolled(session))] == []


@pytest.mark.parametrize("person", [enrolled, instructor_of])
def test_every_tool_of_an_open_room_goes_with_its_end(person):
    session = OpenLiveSessionFactory()

    page = room_of(session, person(session))

    tools = (
        "data-voice",
        "data-reactions",
        "data-hands-box",
        "data-write",
        "data-poll-submit",
        "data-captions",
    )
    if person is instructor_of:
        tools += ("data-tools", "data-sending", "data-poll-new", "data-caption-form")
    for tool in tools:
        (tag,) = re.findall(rf"<[a-z]+ [^>]*\b{tool}(?=[ >=])[^>]*>", page)
        assert "data-until-end" in tag, tool
