"""Batches are counted once, for the viewer of the address, and only if they are possible."""

import datetime as dt
import io
import json
import re
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import resolve
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from media_pipeline.models import (
    BucketTally,
    PublishedVersion,
    RenditionTally,
    Video,
    WatchSession,
    WatchTally,
)
from media_pipeline.services.playback import sign_playback
from media_pipeline.services.revocations import viewer_tag
from media_pipeline.services.watching import (
    BATCHES_PER_MINUTE,
    MOST_SESSIONS,
    count_batch,
    purge_watch_sessions,
    rate_key,
)
from media_pipeline.telemetry import Batch, BatchRefused, start_slot
from tests.factories.media_pipeline import published_video
from tests.factories.watching import batch_of, new_session, post
from tests.hypothesis_budget import examples

VIEWER = "0123456789abcdef"


@pytest.fixture
def video(db: None) -> Video:
    """60 s, 12 buckets; 144p, 240p and sound."""
    return published_video()


@pytest.fixture
def version(video: Video) -> PublishedVersion:
    return video.published


@pytest.fixture
def address(video: Video) -> str:
    return sign_playback(video=video, viewer="user-7", is_counted=True).telemetry_url


def count(version: PublishedVersion, batch: dict[str, Any], *, viewer: str = VIEWER) -> bool:
    return count_batch(version=version, viewer=viewer, batch=Batch.from_json(json.dumps(batch).encode()))


def sums() -> dict[str, Any]:
    """All sums."""
    return {
        "buckets": sorted(BucketTally.objects.values_list("video", "bucket", "views", "plays")),
        "rungs": sorted(RenditionTally.objects.values_list("video", "rendition", "played")),
        "videos": sorted(WatchTally.objects.values_list()),
    }


def test_only_counted_viewers_get_an_address(video: Video):
    trainee = sign_playback(video=video, viewer="user-7", is_counted=True)
    staff = sign_playback(video=video, viewer="user-7")

    assert re.fullmatch(r"/media/t/\d+-[0-9a-f]{16}/[\w-]{22}/[0-9a-f]{32}/1", trainee.telemetry_url)
    assert staff.telemetry_url == ""


def test_a_batch_is_counted(address: str, video: Video):
    batch = batch_of(
        {0: 1, 1: 2},
        rungs={"144p": 9_000, "240p": 12_000},
        stalls={"count": 2, "milliseconds": 4_000},
        start=1_500,
    )

    answer = post(address, batch)

    assert (answer.status_code, answer.json()) == (200, {"counted": True})
    assert list(video.bucket_tallies.values_list("bucket", "views", "plays")) == [(0, 1, 1), (1, 1, 2)]
    assert dict(video.rendition_tallies.values_list("rendition", "played")) == {"144p": 9_000, "240p": 12_000}
    tally = video.watching
    assert (tally.views, tally.finished, tally.stalls, tally.stalled) == (1, 0, 2, 4_000)
    assert (tally.bytes, tally.starts) == (100_000, [0, 1, 0, 0, 0, 0])


def test_watching_again_in_one_session_is_a_play_and_not_a_view(version: PublishedVersion, video: Video):
    count(version, batch_of({3: 1}))
    count(version, batch_of({3: 1}, number=1))
    count(version, batch_of({3: 1}, session=new_session()))

    assert list(video.bucket_tallies.values_list("bucket", "views", "plays")) == [(3, 2, 3)]
    assert video.watching.views == 2


def test_a_view_of_the_last_part_counts_once_as_watched_to_the_end(version: PublishedVersion, video: Video):
    count(version, batch_of({10: 1}))
    count(version, batch_of({11: 1}, number=1))
    count(version, batch_of({11: 2}, number=2))

    assert video.watching.finished == 1


def test_a_batch_sent_twice_is_counted_once(address: str):
    post(address, batch_of())
    before = sums()

    answer = post(address, batch_of())

    assert (answer.status_code, answer.json()) == (200, {"counted": False})
    assert sums() == before


def test_the_same_session_of_another_viewer_is_another_session(version: PublishedVersion, video: Video):
    for number in range(12):
        count(version, batch_of(), viewer=f"{number:016x}")

    assert video.watching.views == 12
    # Two may share one of the few bits by chance, twelve do not.
    assert video.watching.viewer_bits.bit_count() > 1


def batches() -> st.SearchStrategy[dict[str, Any]]:
    return st.builds(
        batch_of,
        plays=st.dictionaries(st.integers(0, 11), st.integers(1, 2), max_size=5),
        session=st.sampled_from(["a" * 22, "b" * 22]),
        number=st.integers(0, 7),
        rungs=st.dictionaries(st.sampled_from(["144p", "240p", "audio"]), st.integers(0, 9_000)),
        stalls=st.fixed_dictionaries({"count": st.integers(0, 3), "milliseconds": st.integers(0, 3_000)}),
        start=st.none() | st.integers(0, 60_000),
        bytes=st.integers(0, 10**6),
    )


@settings(max_examples=examples(0.2), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    told=st.lists(batches(), max_size=6, unique_by=lambda batch: (batch["session"], batch["number"])),
    again=st.lists(st.integers(0, 5), max_size=4),
    order=st.randoms(use_true_random=False),
)
def test_the_sums_are_those_of_the_batches_in_any_order_and_however_often_they_come(
    version: PublishedVersion, told: list[dict[str, Any]], again: list[int], order: Any
):
    for model in (WatchSession, BucketTally, RenditionTally, WatchTally):
        model.objects.all().delete()
    delivered = told + [told[n % len(told)] for n in again if told]
    order.shuffle(delivered)

    for batch in delivered:
        count(version, batch)

    assert {bucket: (views, plays) for _, bucket, views, plays in sums()["buckets"]} == expected_buckets(told)
    assert {rendition: played for _, rendition, played in sums()["rungs"] if played} == {
        rendition: total
        for rendition in ("144p", "240p", "audio")
        if (total := sum(batch["rungs"].get(rendition, 0) for batch in told))
    }
    tally = WatchTally.objects.first() or WatchTally()
    assert tally.views == len({batch["session"] for batch in told})
    assert tally.stalls == sum(batch["stalls"]["count"] for batch in told)
    assert tally.bytes == sum(batch["bytes"] for batch in told)
    slots = [start_slot(batch["start"]) for batch in told if batch["start"] is not None]
    assert tally.starts == [slots.count(slot) for slot in range(6)]


def expected_buckets(told: Iterable[dict[str, Any]]) -> dict[int, tuple[int, int]]:
    plays: dict[int, int] = {}
    seen: dict[int, set[str]] = {}
    for batch in told:
        for bucket, times in batch["plays"]:
            plays[bucket] = plays.get(bucket, 0) + times
            seen.setdefault(bucket, set()).add(batch["session"])
    return {bucket: (len(seen[bucket]), plays[bucket]) for bucket in plays}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"number": -1}, "number"),
        ({"number": 2_000}, "number"),
        ({"number": True}, "number"),
        ({"number": 1.0}, "number"),
        ({"number": "٣"}, "number"),
        ({"session": "short"}, "session"),
        ({"session": "ش" * 22}, "session"),
        ({"session": None}, "session"),
        ({"elapsed": 300_001}, "elapsed"),
        ({"elapsed": 1e309}, "JSON"),
        ({"plays": [[12, 1]]}, "shorter"),
        ({"plays": [[0, 0]]}, "at least one"),
        ({"plays": [[1, 1], [0, 1]]}, "ascending"),
        ({"plays": [[0, 1], [0, 1]]}, "once"),
        ({"plays": [[0, 1, 2]]}, "pairs"),
        ({"plays": {"0": 1}}, "pairs"),
        ({"plays": [[0, 18]]}, "fits"),
        ({"plays": [[0, 10**400]]}, "times"),
        ({"rungs": {"144p": 32_001}}, "longer than the time"),
        ({"rungs": {"4320p": 1}}, "no such quality"),
        ({"rungs": {"144p\n": 1}}, "named"),
        ({"rungs": {"144p": -1}}, "rungs"),
        ({"rungs": []}, "rungs"),
        ({"stalls": {"count": 201, "milliseconds": 0}}, "stalls.count"),
        ({"stalls": {"count": 1, "milliseconds": 32_001}}, "stalls.milliseconds"),
        ({"stalls": {"count": 1, "milliseconds": 25_000}}, "longer than the time"),
        ({"stalls": 1}, "stalls"),
        ({"start": -5}, "start"),
        ({"start": 3_600_001}, "start"),
        ({"bytes": 10**12}, "bytes"),
        ({"person": 7}, "keys"),
    ],
)
def test_an_impossible_batch_is_refused_with_a_reason_and_changes_nothing(
    address: str, change: dict[str, Any], reason: str
):
    post(address, batch_of())
    before = (sums(), list(WatchSession.objects.values_list()))

    answer = post(address, {**batch_of(number=1), **change})

    assert answer.status_code == 400
    assert reason in answer.json()["detail"]
    assert (sums(), list(WatchSession.objects.values_list())) == before


@pytest.mark.parametrize("body", [b" ", b"[]", b"null", b"{", b"\xff", b"[" * 8_000, b'{"number": NaN}'])
def test_malformed_batches_are_refused(address: str, body: bytes):
    answer = post(address, body)

    assert answer.status_code == 400
    assert not WatchSession.objects.exists()


def test_a_client_that_disconnects_during_a_batch_is_no_server_error(address: str):
    found = resolve(address)
    body = io.BytesIO()
    request = RequestFactory().post(address, batch_of(), "application/json")
    request._stream = body
    # As Django's handler raises when the client disconnects.
    body.close()

    answer = found.func(request, **found.kwargs)

    assert answer.status_code == 400
    assert not WatchSession.objects.exists()


def test_a_large_body_is_refused_unread(address: str):
    answer = post(address, json.dumps(batch_of()).encode() + b" " * 9_000)

    assert (answer.status_code, answer.json()["detail"]) == (400, "at most 8192 bytes are read")


def test_a_form_of_another_site_is_refused(address: str):
    answer = Client().post(address, {"session": "x"})

    assert answer.status_code == 415


def test_a_session_cannot_cover_more_time_than_passed(version: PublishedVersion):
    for number in range(6):
        count(version, batch_of(number=number, elapsed=300_000))
    before = sums()

    with pytest.raises(BatchRefused, match="more time than has passed"):
        count(version, batch_of(number=6, elapsed=300_000))

    assert sums() == before


def test_one_viewer_cannot_open_too_many_sessions(version: PublishedVersion, video: Video):
    for _ in range(MOST_SESSIONS):
        count(version, batch_of(session=new_session()))

    with pytest.raises(BatchRefused, match="too often"):
        count(version, batch_of(session=new_session()))

    assert video.watching.views == MOST_SESSIONS
    assert video.watching.viewer_bits.bit_count() == 1


def test_a_flood_of_batches_is_rate_limited_for_its_viewer_only(address: str, video: Video):
    now = timezone.now()
    for minute in (now, now + dt.timedelta(minutes=1)):
        cache.set(rate_key(viewer_tag("user-7"), minute), BATCHES_PER_MINUTE)
    other_address = sign_playback(video=video, viewer="user-8", is_counted=True).telemetry_url

    flood, other = post(address, batch_of()), post(other_address, batch_of())

    assert flood.status_code == 429
    assert flood["Retry-After"] == "60"
    assert other.status_code == 200


def test_a_batch_costs_a_constant_number_of_queries(address: str):
    def questions(batch: dict[str, Any]) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert post(address, batch).status_code == 200
        return len([query for query in asked.captured_queries if "SAVEPOINT" not in query["sql"]])

    first = questions(batch_of({0: 1}, rungs={}))
    small = questions(batch_of({0: 1}, number=1))
    large = questions(
        batch_of(dict.fromkeys(range(12), 1), number=2, rungs={"144p": 1_000, "240p": 1_000, "audio": 1_000})
    )

    assert (first, small, large) == (10, 7, 7)


def test_viewings_are_deleted_after_two_days_and_the_sums_stay(version: PublishedVersion):
    count(version, batch_of())
    count(version, batch_of(session=new_session()))
    WatchSession.objects.filter(key="s" * 22).update(opened_at=timezone.now() - dt.timedelta(hours=49))
    before = sums()

    forgotten = purge_watch_sessions()

    assert (forgotten, WatchSession.objects.count()) == (1, 1)
    assert sums() == before


def test_no_stored_row_identifies_the_viewer(address: str):
    post(address, batch_of())

    session = WatchSession.objects.get()

    assert "user-7" not in str(vars(session))
    assert {field.name for field in WatchTally._meta.fields} & {"viewer", "user", "person"} == set()


@pytest.mark.django_db(transaction=True)
def test_parallel_batches_lose_nothing_and_do_not_deadlock():
    version = published_video().published
    sessions = [(f"{viewer:016x}", new_session()) for viewer in range(4)]
    work = [
        (viewer, batch_of(dict.fromkeys(buckets, 1), session=session, number=number))
        for number, buckets in enumerate([(0, 1, 2), (2, 1, 0), (5, 0), (11, 3)])
        for viewer, session in sessions
        for _copy in range(2)
    ]

    def count_one(job: tuple[str, dict[str, Any]]) -> bool:
        try:
            return count(version, job[1], viewer=job[0])
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        counted = list(pool.map(count_one, work))

    assert sum(counted) == 16
    assert {bucket: (views, plays) for _, bucket, views, plays in sums()["buckets"]} == {
        0: (4, 12),
        1: (4, 8),
        2: (4, 8),
        3: (4, 4),
        5: (4, 4),
        11: (4, 4),
    }
    assert WatchTally.objects.get().views == 4
