"""The fragment store and the relay: no viewer, slow or fast, gets a broken stream."""

import asyncio
import random
from pathlib import Path
from typing import Any

import pytest

from live.hub import CloseCode
from live.near_live import fragment_relay as relays
from live.near_live.fragment_relay import (
    RING_FRAGMENTS,
    SOCKETS_PER_MEMBER,
    UNCONFIRMED_FRAGMENTS,
    Viewer,
    fragment_relay_of,
)
from live.near_live.fragment_store import (
    DEPENDENT,
    FOLDER,
    INIT,
    KEEP_FRAGMENTS,
    KEYFRAME,
    FragmentStore,
    StoredFragment,
    fragments_after,
    open_viewer_slot,
)
from live.near_live.fragments import Fragment, InitSegment
from tests.waiting import becomes_true

HEAD_OF_RUN = InitSegment(b"head", "avc1.42c01e, mp4a.40.2")
# Time is not tested here: a test waits for a result, and fails after so long.
PATIENCE_SECONDS = 20


class Looks:
    """Counts how often a relay has polled the disk."""

    def __init__(self) -> None:
        self.count = 0

    def fragments_after(self, served: Path, number: int) -> list[StoredFragment]:
        pieces = fragments_after(served, number)
        self.count += 1
        return pieces

    async def more(self) -> None:
        """Wait until everything now on disk was read and distributed."""
        # One poll may be running; the next one reads all; after a third one that was distributed.
        enough = self.count + 3
        await becomes_true(lambda: self.count >= enough)


@pytest.fixture(autouse=True)
def looks(monkeypatch: pytest.MonkeyPatch) -> Looks:
    """Relays without a pause between polls."""
    looks = Looks()
    monkeypatch.setattr(relays, "POLL_SECONDS", 0.001)
    monkeypatch.setattr(relays, "fragments_after", looks.fragments_after)
    return looks


def fragment(number: int, *, whole_each: int = 5) -> Fragment:
    return Fragment(f"fragment {number}".encode(), number % whole_each == 0)


class Screen:
    """A viewer that confirms every frame if `confirms`."""

    def __init__(self, *, member: int = 1, confirms: bool = True) -> None:
        self.got: list[str] = []
        self.told: list[dict[str, Any]] = []
        self.closed: list[CloseCode] = []
        self.confirms = confirms
        self.news = asyncio.Event()
        self.viewer = Viewer(
            member=member, send_json=self.hear, send_bytes=self.take, close_socket=self.closed.append
        )

    async def hear(self, kind: str, **facts: Any) -> None:
        self.told.append({"type": str(kind), **facts})

    async def take(self, data: bytes) -> None:
        self.got.append(data.decode())
        self.news.set()
        if self.confirms:
            self.viewer.confirm(len(self.got))

    @property
    def fragments(self) -> list[int]:
        return [int(text.split()[1]) for text in self.got if text != "head"]

    async def until(self, number: int) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while number not in self.fragments:
                self.news.clear()
                await self.news.wait()


class Following:
    """Viewers that follow one folder."""

    def __init__(self, served: Path, *screens: Screen) -> None:
        self.relay = fragment_relay_of(served)
        self.screens = screens
        self.tasks = [asyncio.ensure_future(screen.viewer.stream(self.relay)) for screen in screens]
        for screen in screens:
            self.relay.join(screen.viewer)

    async def __aenter__(self) -> "Following":
        return self

    async def __aexit__(self, *_: object) -> None:
        for task, screen in zip(self.tasks, self.screens, strict=True):
            task.cancel()
            self.relay.leave(screen.viewer)


def test_what_is_put_is_read_in_order_and_once(tmp_path):
    shelf = FragmentStore(tmp_path)
    shelf.put(HEAD_OF_RUN, run=1, began=12.5)
    for number in range(3):
        shelf.put(fragment(number), run=1, began=12.5)

    pieces = fragments_after(tmp_path, 0)

    assert [piece.kind for piece in pieces] == [INIT, KEYFRAME, DEPENDENT, DEPENDENT]
    assert (pieces[0].codecs, pieces[0].began, pieces[0].data) == (HEAD_OF_RUN.codecs, 12.5, b"head")
    assert [piece.number for piece in fragments_after(tmp_path, 2)] == [3, 4]
    assert fragments_after(tmp_path, 4) == []


def test_the_folder_stays_small_and_keeps_the_head(tmp_path):
    shelf = FragmentStore(tmp_path)
    shelf.put(HEAD_OF_RUN, run=1, began=0)
    for number in range(KEEP_FRAGMENTS + 100):
        shelf.put(fragment(number), run=1, began=0)

    pieces = fragments_after(tmp_path, 0)
    assert len(pieces) == KEEP_FRAGMENTS + 1
    assert (pieces[0].kind, pieces[-1].data) == (INIT, f"fragment {KEEP_FRAGMENTS + 99}".encode())


def test_another_process_goes_on_counting(tmp_path):
    FragmentStore(tmp_path).put(HEAD_OF_RUN, run=1, began=0)
    FragmentStore(tmp_path).put(HEAD_OF_RUN, run=2, began=0)

    assert [(piece.number, piece.run) for piece in fragments_after(tmp_path, 0)] == [(1, 1), (2, 2)]


def test_viewer_slots_are_limited_and_are_released(tmp_path):
    first, second = open_viewer_slot(tmp_path, most=2), open_viewer_slot(tmp_path, most=2)
    assert first
    assert second
    assert open_viewer_slot(tmp_path, most=2) is None
    assert open_viewer_slot(tmp_path, most=0) is None

    first.close()
    again = open_viewer_slot(tmp_path, most=2)
    assert again
    again.close()
    second.close()


def test_the_fragment_store_is_deleted_with_the_class(tmp_path):
    shelf = FragmentStore(tmp_path)
    shelf.put(HEAD_OF_RUN, run=1, began=0)
    shelf.remove()

    assert not (tmp_path / FOLDER).exists()
    assert fragments_after(tmp_path, 0) == []


async def test_a_viewer_begins_at_the_newest_whole_picture_and_misses_nothing_after_it(tmp_path):
    shelf = FragmentStore(tmp_path)
    shelf.put(HEAD_OF_RUN, run=1, began=7)
    for number in range(13):
        shelf.put(fragment(number), run=1, began=7)
    screen = Screen()
    async with Following(tmp_path, screen):
        await screen.until(12)
        for number in range(13, 20):
            shelf.put(fragment(number), run=1, began=7)
        shelf.put(HEAD_OF_RUN, run=2, began=9)
        shelf.put(fragment(20), run=2, began=9)
        await screen.until(20)

    assert screen.fragments == list(range(10, 21))
    assert [frame for frame in screen.told if frame["type"] == "run"] == [
        {"type": "run", "run": 1, "began": 7, "codecs": HEAD_OF_RUN.codecs},
        {"type": "run", "run": 2, "began": 9, "codecs": HEAD_OF_RUN.codecs},
    ]


async def test_who_confirms_nothing_holds_a_little_and_goes_on_at_a_whole_picture(tmp_path):
    shelf = FragmentStore(tmp_path)
    shelf.put(HEAD_OF_RUN, run=1, began=0)
    slow, quick = Screen(member=1, confirms=False), Screen(member=2)
    async with Following(tmp_path, slow, quick) as following:
        for number in range(200):
            shelf.put(fragment(number), run=1, began=0)
            await quick.until(number)
        assert quick.fragments == list(range(200))
        # The initialization segment is one of them.
        assert len(slow.got) == UNCONFIRMED_FRAGMENTS
        assert following.relay.end - following.relay.first == RING_FRAGMENTS

        slow.confirms = True
        slow.viewer.confirm(len(slow.got))
        await slow.until(199)

    broken = [
        later
        for earlier, later in zip(slow.fragments, slow.fragments[1:], strict=False)
        if later != earlier + 1
    ]
    assert broken == [195]


async def test_a_viewer_without_confirmations_for_long_is_disconnected(tmp_path, monkeypatch):
    monkeypatch.setattr(relays, "PATIENCE_SECONDS", 0.0)
    monkeypatch.setattr(relays, "QUIET_SECONDS", 0.05)
    shelf = FragmentStore(tmp_path)
    shelf.put(HEAD_OF_RUN, run=1, began=0)
    shelf.put(fragment(0), run=1, began=0)
    screen = Screen(confirms=False)
    async with Following(tmp_path, screen):
        await becomes_true(lambda: screen.closed)

    assert set(screen.closed) == {CloseCode.SLOW}


async def test_viewers_are_notified_when_no_fragment_arrives(tmp_path, monkeypatch):
    monkeypatch.setattr(relays, "QUIET_SECONDS", 0.05)
    screen = Screen()
    async with Following(tmp_path, screen):
        await becomes_true(lambda: {"type": "quiet"} in screen.told)

    assert screen.got == []


async def test_a_fourth_socket_of_a_member_closes_the_first(tmp_path):
    screens = [Screen() for _ in range(SOCKETS_PER_MEMBER + 1)]
    async with Following(tmp_path, *screens):
        pass

    assert [screen.closed for screen in screens] == [[CloseCode.NEWER_SOCKET], [], [], []]


@pytest.mark.parametrize("seed", range(8))
async def test_whatever_is_lost_a_stream_is_never_broken(tmp_path, looks, seed):
    """Fragments vanish, runs begin, a viewer sometimes confirms nothing: what it gets can always be decoded."""
    chance = random.Random(seed)
    shelf = FragmentStore(tmp_path)
    screen = Screen(confirms=chance.random() < 0.5)
    run = number = 0
    kinds: dict[int, tuple[int, bool]] = {}
    async with Following(tmp_path, screen):
        for step in range(300):
            if run == 0 or chance.random() < 0.02:
                run += 1
                shelf.put(HEAD_OF_RUN, run=run, began=run)
                number += 10
                begins = True
            one = Fragment(f"fragment {number}".encode(), begins or chance.random() < 0.2)
            begins = False
            kinds[number] = (run, one.is_keyframe)
            shelf.put(one, run=run, began=run)
            if chance.random() < 0.05:
                # Read before or not.
                max((tmp_path / FOLDER).glob("*-*-*")).unlink()
            number += 1
            if step % 20 == 0:
                await looks.more()
                screen.confirms = chance.random() < 0.5
                screen.viewer.confirm(chance.randint(0, len(screen.got)))
        shelf.put(Fragment(f"fragment {number}".encode(), is_keyframe=True), run=run, began=run)
        kinds[number] = (run, True)
        screen.confirms = True
        screen.viewer.confirm(len(screen.got))
        await screen.until(number)

    before = None
    for one in screen.fragments:
        own_run, is_keyframe = kinds[one]
        assert is_keyframe or (before == one - 1 and kinds[before][0] == own_run)
        before = one
