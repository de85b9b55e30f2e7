"""Polls, questions and reactions over real sockets: who receives what, how often, and how many bytes."""

import json
import time
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from live.hub import CloseCode
from live.models import Event, Poll, PollMark
from live.queries.polls import results_of
from tests.live.conftest import Client, Server, db, enrolled, start_server, stop_server
from tests.live.hub.test_notifier import Redis

pytestmark = [pytest.mark.engines("sockets of a whole server"), pytest.mark.django_db(transaction=True)]

DRAFT: dict[str, Any] = {
    "question": "أي مفتاح نفصل أولًا قبل العمل على اللوحة؟",
    "options": ["المفتاح الرئيسي", "مفتاح الدائرة", "لا حاجة إلى الفصل"],
}
A_UUID = str(uuid.UUID(int=7))


def size(frame: dict) -> int:
    return len(json.dumps(frame, ensure_ascii=False, separators=(",", ":")).encode())


async def ask(staff: Client, **facts: Any) -> int:
    """Open a poll at once; return its number."""
    answer = await staff.ask("poll.ask", **{**DRAFT, **facts})
    await staff.until(answer["seq"])
    return staff.events[-1]["poll"]


async def test_a_poll_is_asked_answered_and_shown_to_the_class(server, session, trainee, instructor):
    async with server.member(session, trainee) as client, server.member(session, instructor) as staff:
        poll = await ask(staff)
        voted = await client.ask("poll.vote", poll=poll, options=[1])
        closed = await staff.ask("poll.close", poll=poll)
        events = await client.until(closed["seq"])

    assert (voted["type"], voted["seq"]) == ("ack", None)
    assert events[0]["options"] == DRAFT["options"]
    assert events[-1]["tally"] == [0, 1, 0]


async def test_votes_are_sent_as_one_frame_a_tick_and_trainees_get_only_what_they_may_see(
    server, session, trainee, instructor
):
    others = [await db(enrolled, session) for _ in range(5)]
    async with server.member(session, trainee) as client, server.member(session, instructor) as staff:
        poll = await ask(staff)
        began = time.monotonic()
        for user in others:
            async with server.member(session, user) as voter:
                await voter.ask("poll.vote", poll=poll, options=[0])
        told = await client.passing("poll.tally", lambda frame: frame["voters"] == 5)
        known = await staff.passing("poll.tally", lambda frame: frame["voters"] == 5)
        ticks = time.monotonic() - began

    assert len(told) <= ticks + 1
    assert all("tally" not in frame for frame in told)
    assert known[-1]["tally"] == [5, 0, 0]


async def test_no_frame_of_an_anonymous_poll_ties_anyone_to_a_choice(server, session, trainee, instructor):
    """Check every frame of the staff's socket while a known trainee votes, and that trainee's later frames."""
    async with server.member(session, trainee) as client, server.member(session, instructor) as staff:
        poll = await ask(staff, anonymous=True, results="at_once")
        began = len(staff.events)
        answer = await client.ask("poll.vote", poll=poll, options=[2])
        tallies = await staff.passing("poll.tally", lambda frame: frame["voters"] == 1)
        closed = await staff.ask("poll.close", poll=poll)
        await staff.until(closed["seq"])
        key = client.welcome["me"]["key"]
    async with server.member(session, trainee) as again:
        own = again.welcome["polls"]

    assert answer == {"type": "ack", "id": answer["id"], "seq": None}
    told = json.dumps([*staff.events[began:], *tallies], ensure_ascii=False)
    assert key not in told
    assert trainee.person.full_name_ar not in told
    assert own[0]["voted"] is True
    assert "mine" not in own[0]


async def test_every_bad_vote_is_refused_with_its_code(server, session, trainee, instructor):
    async with server.member(session, trainee) as client, server.member(session, instructor) as staff:
        anonymous = await ask(staff, anonymous=True)
        codes = [
            (await client.ask("poll.vote", poll=anonymous, options=options))["code"]
            for options in ([9], [0, 1], [])
        ]
        await client.ask("poll.vote", poll=anonymous, options=[0])
        codes.append((await client.ask("poll.vote", poll=anonymous, options=[0]))["code"])
        codes.append((await staff.ask("poll.vote", poll=anonymous, options=[0]))["code"])
        await staff.ask("poll.close", poll=anonymous)
    async with server.member(session, await db(enrolled, session)) as late:
        codes.append((await late.ask("poll.vote", poll=anonymous, options=[0]))["code"])
        codes.append((await late.ask("poll.vote", poll=anonymous + 1000, options=[0]))["code"])
        codes.append((await late.ask("poll.vote", poll=anonymous, options=["a"]))["code"])
        codes.append((await late.ask("poll.close", poll=anonymous))["code"])

    assert codes == [
        *("no_such_option", "one_choice_only", "no_such_option"),
        *("already_voted", "trainees_only", "poll_closed", "no_such_poll", "malformed", "staff_only"),
    ]
    assert await db(PollMark.objects.count) == 1


async def test_a_vote_before_the_class_is_open_is_refused(server, planned, session, instructor):
    member = await db(enrolled, planned)
    async with server.member(planned, member) as early, server.member(session, instructor) as staff:
        poll = await ask(staff)
        refused = await early.ask("poll.vote", poll=poll, options=[0])

    assert refused["code"] == "room_not_open"


async def test_questions_and_their_votes_reach_the_room(server, session, trainee, instructor):
    other = await db(enrolled, session)
    async with (
        server.member(session, trainee) as asker,
        server.member(session, other) as client,
        server.member(session, instructor) as staff,
    ):
        asked = await asker.ask("question.ask", text="هل نكرر التجربة؟")
        await client.ask("question.vote", seq=asked["seq"])
        told = await asker.passing("question.votes", lambda frame: frame["votes"][str(asked["seq"])] == 2)
        await client.ask("question.unvote", seq=asked["seq"])
        taken_back = await asker.passing(
            "question.votes", lambda frame: frame["votes"][str(asked["seq"])] == 1
        )
        answered = await staff.ask("question.answer", seq=asked["seq"])
        events = await client.until(answered["seq"])

    assert told[-1]["votes"] == {str(asked["seq"]): 2}
    assert taken_back[-1]["votes"] == {str(asked["seq"]): 1}
    assert [(event["kind"], event.get("of")) for event in events] == [
        ("question.asked", None),
        ("question.answered", asked["seq"]),
    ]


async def test_reactions_are_rate_limited_summed_up_and_not_stored(server, session, trainee, instructor):
    async with server.member(session, trainee) as client, server.member(session, instructor) as staff:
        answers = [await client.ask("reaction.send", reaction="slower") for _ in range(4)]
        unknown = await staff.ask("reaction.send", reaction="rude")
        await staff.ask("reaction.send", reaction="thanks")
        # Delivered in the same summary as earlier ones, or in the next one.
        told = await staff.passing("reactions", lambda frame: "thanks" in frame["counts"])

    assert [answer.get("code") for answer in answers] == [None, None, None, "too_fast"]
    assert unknown["code"] == "malformed"
    assert sum(frame["counts"].get("slower", 0) for frame in told) == 3
    assert await db(Event.objects.filter(session=session).count) == 0


async def test_a_flood_of_reactions_closes_the_socket(server, session, trainee):
    async with server.member(session, trainee) as client:
        for _ in range(30):
            await client.command("reaction.send", reaction="thanks")

        assert await client.closed() == CloseCode.RATE


async def test_at_twenty_kilobits_a_poll_is_a_matter_of_a_second(server, session, trainee, instructor):
    """All bytes of a poll for a trainee: 20 kbit/s are 2,500 bytes a second."""
    async with server.member(session, trainee) as client, server.member(session, instructor) as staff:
        poll = await ask(staff, results="at_once")
        await client.until(1)
        opened = client.events[-1]
        vote = {"type": "poll.vote", "id": A_UUID, "poll": poll, "options": [1]}
        acknowledged = await client.ask("poll.vote", poll=poll, options=[1])
        tally = (await client.passing("poll.tally", lambda frame: frame["voters"] == 1))[-1]
        closed = await staff.ask("poll.close", poll=poll)
        await client.until(closed["seq"])
        closed = client.events[-1]

    assert size(opened) < 600
    assert size(vote) < 150
    assert size(acknowledged) < 80
    assert size(tally) < 100
    assert size(closed) < 250
    assert size(opened) + size(vote) + size(acknowledged) + size(tally) + size(closed) < 2500 / 2


async def test_the_largest_poll_and_a_full_welcome_stay_small(server, session, trainee, instructor):
    longest = {"question": "س" * 200, "options": [f"{number}{'ج' * 79}" for number in range(8)]}
    async with server.member(session, instructor) as staff:
        for _ in range(5):
            poll = await ask(staff, **longest)
            await staff.ask("poll.close", poll=poll)
        opened = staff.events[-1]
    async with server.member(session, trainee) as client:
        polls = client.welcome["polls"]

    assert size(opened) < 2500
    assert len(polls) == 4
    assert size({"polls": polls}) < 8 * 1024


@pytest.fixture(scope="module")
def redis() -> Iterator[Redis]:
    redis = Redis()
    redis.start()
    yield redis
    redis.kill()


@pytest.fixture(scope="module")
def servers(redis: Redis, django_db_setup: None) -> Iterator[list[Server]]:
    servers = [start_server(REDIS_URL=redis.url) for _ in range(2)]
    yield servers
    for server in servers:
        stop_server(server)


@pytest.mark.engines("two servers and a Redis between them", nightly=True)
async def test_two_processes_agree_on_tallies_and_reactions(servers, session, trainee, instructor):
    here, there = servers
    voters = [await db(enrolled, session) for _ in range(6)]
    async with here.member(session, trainee) as watcher, there.member(session, instructor) as staff:
        poll = await ask(staff, results="at_once")
        began = time.monotonic()
        for number, user in enumerate(voters):
            async with servers[number % 2].member(session, user) as voter:
                await voter.ask("poll.vote", poll=poll, options=[number % 3])
        is_last = lambda frame: frame["voters"] == 6  # noqa: E731
        seen_here = await watcher.passing("poll.tally", is_last)
        seen_there = await staff.passing("poll.tally", is_last)
        ticks = time.monotonic() - began
        for number, client in enumerate((watcher, staff, watcher)):
            await client.ask("reaction.send", reaction="understood" if number < 2 else "thanks")
        sums = []
        for client in (watcher, staff):
            counts: dict[str, int] = {}
            while sum(counts.values()) < 3:
                for frame in await client.passing("reactions"):
                    for kind, count in frame["counts"].items():
                        counts[kind] = counts.get(kind, 0) + count
            sums.append(counts)

    recorded = await db(lambda: results_of(Poll.objects.get(pk=poll)))
    assert seen_here[-1] == seen_there[-1]
    assert {name: seen_here[-1][name] for name in recorded} == recorded == {"voters": 6, "tally": [2, 2, 2]}
    assert max(len(seen_here), len(seen_there)) <= ticks + 1
    assert sums == [{"understood": 2, "thanks": 1}] * 2
