"""The stage over the socket: slides, the pointer and drawings."""

import asyncio
import json
import uuid

import pytest

from live.errors import BoardFull
from live.services import drawing
from live.services.drawing import draw_stroke, show_board, wipe_board
from tests.live.conftest import db, enrolled, instructor_of
from tests.live.stage.decks import ready_deck

pytestmark = [pytest.mark.engines("sockets of a whole server"), pytest.mark.django_db(transaction=True)]

LINE = [100, 100, 500, 500, 900, 100]


async def show(staff, deck, page: int) -> int:
    answer = await staff.ask("slides.show", deck=str(deck.public_id), page=page)
    return answer["seq"]


async def test_everyone_sees_the_slide_and_what_comes_next(server, session, trainee, instructor):
    deck = await db(ready_deck, session, instructor)
    async with server.member(session, trainee) as learner, server.member(session, instructor) as staff:
        last = await show(staff, deck, 3)
        first = await show(staff, deck, 1)
        events = await learner.until(first)

    shown = {event["seq"]: event for event in events}
    assert (shown[first]["page"], shown[first]["pages"], shown[first]["text"]) == (1, 3, "One")
    second = await db(deck.slides.get, number=2)
    assert shown[first]["next"]["small"] == second.small
    assert "next" not in shown[last]
    # 20 kbit/s are 2500 bytes a second.
    assert len(json.dumps(shown[first])) < 900


async def test_a_newcomer_sees_what_is_on_the_stage_with_its_drawing(server, session, trainee, instructor):
    deck = await db(ready_deck, session, instructor)
    async with server.member(session, instructor) as staff:
        earlier = await show(staff, deck, 1)
        await staff.ask("board.draw", shown=earlier, points=LINE)
        seq = await show(staff, deck, 2)
        await staff.ask("board.draw", shown=seq, points=LINE, ink=2)
        await staff.ask("slides.describe", deck=str(deck.public_id), page=2, text="The second step")
        async with server.member(session, trainee) as learner:
            stage = learner.welcome["stage"]
        await staff.ask("stage.clear")
        async with server.member(session, trainee) as learner:
            cleared = learner.welcome["stage"]

    assert (stage["shown"]["page"], stage["shown"]["text"]) == (2, "The second step")
    assert [(stroke["points"], stroke["ink"]) for stroke in stage["strokes"]] == [(LINE, 2)]
    assert stage["base"].startswith("/media/s/")
    assert (cleared["shown"], cleared["strokes"]) == (None, [])


async def test_a_changed_text_reaches_viewers_of_the_slide(server, session, trainee, instructor):
    deck = await db(ready_deck, session, instructor)
    async with server.member(session, trainee) as learner, server.member(session, instructor) as staff:
        shown = await show(staff, deck, 1)
        unseen = await staff.ask("slides.describe", deck=str(deck.public_id), page=3, text="later")
        seen = await staff.ask("slides.describe", deck=str(deck.public_id), page=1, text="now\u202e")
        events = await learner.until(seen["seq"])

    assert unseen["seq"] is None
    assert (events[-1]["kind"], events[-1]["of"], events[-1]["text"]) == ("slide.described", shown, "now")
    assert (await db(deck.slides.get, number=3)).text == "later"


@pytest.mark.parametrize(
    "command",
    [
        {"kind": "slides.show", "deck": str(uuid.UUID(int=1)), "page": 1},
        {"kind": "slides.describe", "deck": str(uuid.UUID(int=1)), "page": 1, "text": "x"},
        {"kind": "slides.point", "x": 1, "y": 1},
        {"kind": "stage.clear"},
        {"kind": "board.show"},
        {"kind": "board.draw", "shown": 1, "points": LINE},
        {"kind": "board.undo", "shown": 1},
        {"kind": "board.clear", "shown": 1},
    ],
    ids=lambda command: command["kind"],
)
async def test_only_instructors_control_the_stage(server, session, trainee, command):
    async with server.member(session, trainee) as learner:
        answer = await learner.ask(**command)

    assert answer["code"] == "staff_only"


async def test_a_slide_of_another_class_or_not_there_is_refused(server, session, instructor, planned):
    foreign = await db(ready_deck, planned, instructor)
    deck = await db(ready_deck, session, instructor)
    async with server.member(session, instructor) as staff:
        codes = [
            (await staff.ask("slides.show", deck=str(one.public_id), page=page))["code"]
            for one, page in ((foreign, 1), (deck, 4), (deck, 0), (deck, 10**6))
        ]

    assert codes == ["no_such_slide", "no_such_slide", "malformed", "malformed"]


async def test_the_pointer_passes_and_leaves_nothing_in_the_log(server, session, trainee, instructor):
    async with server.member(session, trainee) as learner, server.member(session, instructor) as staff:
        pointed = await staff.ask("slides.point", x=250, y=700)
        (frame,) = await learner.passing("pointer")
        await staff.ask("slides.point")
        (gone,) = await learner.passing("pointer")

    assert pointed["seq"] is None
    assert frame == {"type": "passing", "kind": "pointer", "x": 250, "y": 700}
    assert gone == {"type": "passing", "kind": "pointer"}
    assert len(json.dumps(frame)) < 80


async def test_a_pointer_that_runs_wild_is_held(server, session, instructor):
    async with server.member(session, instructor) as staff:
        asked = [await staff.command("slides.point", x=number, y=number) for number in range(25)]
        answers = [await staff.answer(command) for command in asked]

    assert "too_fast" in {answer.get("code") for answer in answers}


async def test_undo_takes_back_ones_own_last_line_with_all_its_strokes(server, session, trainee, instructor):
    other = await db(instructor_of, session)
    async with (
        server.member(session, trainee) as learner,
        server.member(session, instructor) as staff,
        server.member(session, other) as colleague,
    ):
        shown = (await staff.ask("board.show"))["seq"]
        kept = await staff.ask("board.draw", shown=shown, points=LINE)
        first = await staff.ask("board.draw", shown=shown, points=LINE)
        theirs = await colleague.ask("board.draw", shown=shown, points=LINE)
        await staff.ask("board.draw", shown=shown, points=LINE, joined=True)
        undone = await staff.ask("board.undo", shown=shown)
        events = await learner.until(undone["seq"])
        async with server.member(session, trainee, device="device-2") as newcomer:
            strokes = [stroke["seq"] for stroke in newcomer.welcome["stage"]["strokes"]]
        await staff.ask("board.clear", shown=shown)
        nothing = await staff.ask("board.undo", shown=shown)

    assert (events[-1]["kind"], events[-1]["of"]) == ("board.undone", first["seq"])
    assert strokes == [kept["seq"], theirs["seq"]]
    assert nothing["code"] == "nothing_to_undo"


async def test_a_drawing_on_what_is_no_longer_shown_is_refused(server, session, instructor):
    async with server.member(session, instructor) as staff:
        nothing = await staff.ask("board.draw", shown=1, points=LINE)
        old = (await staff.ask("board.show"))["seq"]
        await staff.ask("board.show")
        late = await staff.ask("board.draw", shown=old, points=LINE)

    assert (nothing["code"], late["code"]) == ("not_on_stage", "not_on_stage")


@pytest.mark.parametrize(
    "fields",
    [
        {"points": [1, 2]},
        {"points": [1, 2, 3]},
        {"points": [1, 2, 3, 4, 5]},
        {"points": [0, 0] * 65},
        {"points": [0, 0, 0, 1001]},
        {"points": [0, 0, 0, -1]},
        {"points": [0, 0, 0, 1.5]},
        {"points": LINE, "ink": 9},
        {"points": LINE, "color": "url(//x)"},
    ],
)
async def test_a_stroke_that_is_none_is_malformed(server, session, instructor, fields):
    async with server.member(session, instructor) as staff:
        shown = (await staff.ask("board.show"))["seq"]
        answer = await staff.ask("board.draw", shown=shown, **fields)

    assert answer["code"] == "malformed"


def test_a_board_holds_no_more_than_fits_a_welcome(session, instructor, monkeypatch):
    monkeypatch.setattr(drawing, "BOARD_POINTS", 7)
    shown = show_board(session_id=session.pk, by=instructor).seq
    draw = {"session_id": session.pk, "by": instructor, "shown": shown, "points": LINE}
    draw_stroke(**draw)
    draw_stroke(**draw)

    with pytest.raises(BoardFull):
        draw_stroke(**draw)
    wipe_board(session_id=session.pk, by=instructor, shown=shown)

    assert draw_stroke(**draw).payload["points"] == LINE


async def test_the_same_stroke_sent_again_is_drawn_once(server, session, instructor):
    stroke = str(uuid.uuid4())
    async with server.member(session, instructor) as staff:
        shown = (await staff.ask("board.show"))["seq"]
        once = await staff.ask("board.draw", shown=shown, points=LINE, id=stroke)
        again = await staff.ask("board.draw", shown=shown, points=LINE, id=stroke)

    assert once["seq"] == again["seq"]


async def test_a_whole_class_sees_slides_in_order(server, session, instructor):
    deck = await db(ready_deck, session, instructor)
    people = [await db(enrolled, session) for _ in range(3)]

    async def follow(user) -> list[int]:
        async with server.member(session, user) as learner:
            joined.release()
            return [event["page"] for event in await learner.until(6)]

    joined = asyncio.Semaphore(0)
    following = [asyncio.create_task(follow(user)) for user in people]
    for _ in people:
        await joined.acquire()
    async with server.member(session, instructor) as staff:
        for page in (1, 2, 3, 2, 1, 2):
            await show(staff, deck, page)

    assert await asyncio.gather(*following) == [[1, 2, 3, 2, 1, 2]] * 3
