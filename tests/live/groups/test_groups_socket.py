"""Groups over real sockets: delivered to the group and to staff only, replayed after a reconnect."""

import pytest

from live.hub import CloseCode
from live.services.group_lists import prepare_groups
from tests.live.conftest import db, enrolled
from tests.live.groups.grouping import listed, opened

pytestmark = [pytest.mark.engines("sockets of a whole server"), pytest.mark.django_db(transaction=True)]


async def test_a_class_goes_into_groups_talks_and_comes_back(server, session, instructor):
    a, b, c = [await db(enrolled, session) for _ in range(3)]
    prepared = await db(listed, session, instructor, [a, b], [c])
    async with (
        server.member(session, instructor) as staff,
        server.member(session, a) as first,
        server.member(session, b) as second,
        server.member(session, c) as third,
    ):
        await staff.ask("group.open", list=prepared.pk, minutes=10)
        said = await first.ask("group.say", text="نبدأ بالقياس")
        refused = await third.ask("group.say", text="إلى غيري", group=1)
        told = await staff.ask("group.announce", text="خمس دقائق")
        heard = (
            await second.until(told["seq"]),
            await third.until(told["seq"]),
            await staff.until(told["seq"]),
        )
        await staff.ask("group.close")
        late = await first.ask("group.say", text="متأخر")

    words = [
        [event.get("text") for event in events if event["seq"] in (said["seq"], told["seq"])]
        for events in heard
    ]
    assert words == [["نبدأ بالقياس", "خمس دقائق"], [None, "خمس دقائق"], ["نبدأ بالقياس", "خمس دقائق"]]
    assert (refused["code"], late["code"]) == ("not_in_group", "groups_not_open")


async def test_a_replay_has_everything_of_the_own_group_and_nothing_of_others(server, session, instructor):
    a, b, c = [await db(enrolled, session) for _ in range(3)]
    await db(opened, session, instructor, [a, b], [c])
    async with server.member(session, a) as client:
        since = client.last
    async with server.member(session, b) as mine, server.member(session, c) as theirs:
        await theirs.ask("group.say", text="سر المجموعة الثانية")
        last = await mine.ask("group.say", text="جوابنا")

    async with server.member(session, a, since=since) as back:
        events = await back.until(last["seq"])
    async with server.member(session, a) as afresh:
        snapshot = afresh.welcome["groups"]

    assert [event.get("text") for event in events] == [None, "جوابنا"]
    assert [event["text"] for event in snapshot["messages"]] == ["جوابنا"]
    assert (snapshot["mine"], len(snapshot["members"])) == (1, 2)


async def test_a_message_sent_twice_is_one_and_a_removed_person_receives_nothing_more(
    server, session, instructor
):
    a, b = [await db(enrolled, session) for _ in range(2)]
    await db(opened, session, instructor, [a, b])
    command = "7d3c0a3e-5df0-4b51-9f0f-6d8a5a3f4f11"
    async with server.member(session, instructor) as staff, server.member(session, a) as client:
        once = await client.ask("group.say", text="مرة", id=command)
        twice = await client.ask("group.say", text="مرة", id=command)
        await staff.ask("person.remove", seq=once["seq"])
        code = await client.closed()

    assert once["seq"] == twice["seq"]
    assert code == CloseCode.NOT_ADMITTED


async def test_only_the_staff_prepares_opens_and_visits(server, session, trainee, instructor):
    prepared = await db(prepare_groups, session_id=session.pk, by=instructor, groups=2, division="random")
    async with server.member(session, trainee) as client, server.member(session, instructor) as staff:
        codes = [
            (await client.ask(kind, **facts))["code"]
            for kind, facts in {
                "group.prepare": {"groups": 2, "division": "hand"},
                "group.open": {"list": prepared.pk},
                "group.visit": {"group": 1},
                "group.announce": {"text": "أنا المدرب"},
                "group.close": {},
            }.items()
        ]
        wrong = [
            (await staff.ask("group.prepare", groups=groups, division=division))["code"]
            for groups, division in ((1, "hand"), (99, "hand"), (2, "astrology"))
        ]
        made = await staff.ask("group.prepare", groups=3, division="order", name="الأسبوع القادم")

    assert codes == ["staff_only"] * 5
    assert wrong == ["malformed"] * 3
    assert (made["type"], made["seq"]) == ("ack", None)
