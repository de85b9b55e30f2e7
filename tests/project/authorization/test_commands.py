"""Every command of a live room is in the table, and is refused to who may not give it.

That a socket is closed when an enrollment, a role or a login ends is tried in tests/live/sockets/test_room_socket.py.
"""

import asyncio
import uuid
from typing import Any, get_args, get_origin

import pytest
import websockets
from django.utils import timezone
from pydantic_core import PydanticUndefined

from accounts.enums import RoleName
from live.commands import COMMANDS as KNOWN
from live.consumers import RoomConsumer
from live.enums import LiveRole
from live.errors import StaffOnly, WatchingOnly
from live.hub import CloseCode
from live.models import Event, LiveSession
from live.services.tickets import Participant
from lms.routing import websocket_urlpatterns
from tests.engines import told_by_engines
from tests.factories.accounts import MembershipFactory
from tests.factories.live import OpenLiveSessionFactory
from tests.live.conftest import Server, db, enrolled, instructor_of, server  # noqa: F401 - a fixture
from tests.project.authorization.commands import COMMANDS, For

ALLOWED: dict[LiveRole, set[For]] = {
    LiveRole.TRAINEE: {For.LINE, For.ALL},
    LiveRole.INSTRUCTOR: {For.LINE, For.ALL, For.STAFF},
    LiveRole.INSPECTOR: {For.LINE},
}
REFUSALS = {"staff_only", "watching_only"}
SOCKETS = {
    "ws/live/": "commands of the room",
    "ws/live/media/": "the picture of an instructor",
    "ws/live/voice/": "the voice of a trainee who was called",
    "ws/live/voice/listen/": "that voice for instructors",
    **told_by_engines("SOCKETS"),
}
ENGINE = "a whole server and its sockets"


def test_every_command_has_a_row():
    missing = [
        f'tests/project/authorization/commands.py: add "{name}" to For.<HELLO, LINE, ALL or STAFF>'
        for name in KNOWN
        if name not in COMMANDS
    ]

    assert missing == [], "add one line each:\n" + "\n".join(missing)
    assert set(COMMANDS) - set(KNOWN) == set()


def test_every_socket_has_a_row():
    paths = {str(pattern.pattern) for pattern in websocket_urlpatterns}

    assert paths == set(SOCKETS), "add a line to SOCKETS in tests/project/authorization/test_commands.py"


@pytest.mark.parametrize("role", LiveRole)
def test_a_command_is_refused_before_anything_is_read_or_written(role: LiveRole):
    """No database is open here: a command that passed would not be refused by these two errors."""
    refused = {name for name, whose in COMMANDS.items() if whose not in {*ALLOWED[role], For.HELLO}}

    answers = {name: asyncio.run(answer_of(name, role)) for name in refused}

    wanted = WatchingOnly if role == LiveRole.INSPECTOR else StaffOnly
    assert answers == dict.fromkeys(refused, wanted)


async def answer_of(name: str, role: LiveRole) -> type[Exception] | None:
    consumer = RoomConsumer()
    consumer.participant = Participant.__new__(Participant)
    object.__setattr__(consumer.participant, "role", role)
    consumer.subscriber = object()  # type: ignore[assignment] # a socket that was let in
    try:
        await consumer.handle(KNOWN[name].model_construct(type=name, id=uuid.uuid4()))
    except (StaffOnly, WatchingOnly) as refusal:
        return type(refusal)
    return None


# What a value of the kind alone does not tell.
NEEDED: dict[str, dict[str, Any]] = {
    "board.draw": {"shown": 1, "points": [0, 0, 0, 0]},
    "group.prepare": {"groups": 2, "division": "hand"},
    "rules.set": {"slow_seconds": 0},
    "timer.start": {"seconds": 60},
}


def plausible(name: str) -> dict[str, Any]:
    """A value for each field that a client has to send."""
    if name in NEEDED:
        return NEEDED[name]
    command = KNOWN[name]
    fields = {
        name: _value(field.annotation)
        for name, field in command.model_fields.items()
        if name not in {"type", "id"} and field.get_default() is PydanticUndefined
    }
    if {"seq", "who"} <= set(command.model_fields):
        fields |= {"seq": 1}
    return fields


def _value(kind: Any) -> Any:  # noqa: PLR0911 - one line for each kind of field
    kind = getattr(kind, "__value__", kind)
    if get_origin(kind) is list:
        return [_value(get_args(kind)[0])] * 2
    options = [option for option in get_args(kind) if option is not type(None)]
    if options:
        return _value(options[0])
    if kind in {int, float}:
        return 1
    if kind is bool:
        return False
    if kind is uuid.UUID:
        return str(uuid.UUID(int=1))
    if hasattr(kind, "__members__"):
        return next(iter(kind)).value
    return "0123456789ab"


@pytest.mark.engines(ENGINE)
@pytest.mark.django_db(transaction=True)
@pytest.mark.xdist_group("both servers")
async def test_every_role_gives_its_commands_in_a_real_room_and_no_others(server: Server):  # noqa: F811 - the fixture
    session: LiveSession = await db(OpenLiveSessionFactory)
    center = session.class_session.cohort.center
    users = {
        LiveRole.INSPECTOR: (await db(MembershipFactory, role=RoleName.INSPECTOR, center=center)).user,
        LiveRole.TRAINEE: await db(enrolled, session),
        LiveRole.INSTRUCTOR: await db(instructor_of, session),
    }
    faults = []
    # Ending the class comes last.
    names = sorted(
        (name for name in COMMANDS if name not in {"hello", "seen"}), key=lambda name: name == "room.end"
    )

    for role, user in users.items():
        async with server.member(session, user) as client:
            for name in names:
                answer = await client.ask(name, **plausible(name))
                is_let_in = COMMANDS[name] in ALLOWED[role]
                code = answer.get("code")
                if code in {"malformed", "unknown_command", "too_fast"} or (code in REFUSALS) == is_let_in:
                    faults.append((name, role, answer))
        if role != LiveRole.INSTRUCTOR:
            left = await db(
                lambda: list(Event.objects.filter(session=session, actor=users[LiveRole.INSPECTOR]))
            )
            assert left == []

    assert faults == []


@pytest.mark.engines(ENGINE)
@pytest.mark.django_db(transaction=True)
@pytest.mark.xdist_group("both servers")
@pytest.mark.parametrize("origin", ["http://evil.example", "null", ""])
@pytest.mark.parametrize("path", SOCKETS)
async def test_no_socket_opens_for_a_foreign_or_missing_origin(server: Server, path: str, origin: str):  # noqa: F811 - the fixture
    address = server.url.removesuffix("ws/live/") + path

    with pytest.raises(websockets.InvalidStatus) as refused:
        async with websockets.connect(address, origin=origin or None, proxy=None):
            pass

    assert refused.value.response.status_code == 403


@pytest.mark.engines(ENGINE)
@pytest.mark.django_db(transaction=True)
@pytest.mark.xdist_group("both servers")
async def test_an_instructor_whose_role_ended_is_out_within_five_seconds(server: Server):  # noqa: F811 - the fixture
    session: LiveSession = await db(OpenLiveSessionFactory)
    instructor = await db(instructor_of, session)

    async with server.member(session, instructor) as client:
        yesterday = timezone.localdate() - timezone.timedelta(days=1)
        await db(instructor.memberships.update, since=yesterday, until=yesterday)

        assert await client.closed(within=5) == CloseCode.NOT_ADMITTED
