"""Captions typed during a class: read at once by everyone, and captions of the lesson afterwards."""

import uuid

import pytest
from django.db import transaction

from live.broadcast.timeline import Span, Timeline
from live.errors import MessageRefused, RoomEnded
from live.models import LiveSession
from live.queries.captions import captions_in
from live.queries.replay import whole_recording
from live.services.captions import publish_caption
from live.services.recordings import make_recording, record_ended, record_part
from media_pipeline.models import CaptionTrack
from tests.live.broadcast.recorder import recording
from tests.live.conftest import instructor_of
from tests.live.recordings.recorded import broadcast, end, on_air
from tests.live.simulated_attendance import Clock

pytestmark = pytest.mark.django_db


def say(session: LiveSession, text: str) -> None:
    instructor = session.events.order_by("seq").first().actor
    publish_caption(session_id=session.pk, by=instructor, text=text)


def typed(session: LiveSession, clock: Clock, *lines: tuple[float, str]) -> None:
    """Captions sent so many seconds after the class was opened."""
    for seconds, words in lines:
        clock.at(seconds)
        say(session, words)


def picture(clock: Clock, *stretches: tuple[float, float]) -> Timeline:
    """A picture from so many seconds after the class was opened on, for so many seconds."""
    opened_at = round(clock.start.timestamp() * 1000)
    return Timeline.of(
        Span(opened_at + round(began * 1000), round(seconds * 1000)) for began, seconds in stretches
    )


def starts(captions: list[tuple[int, int, str]]) -> list[tuple[int, str]]:
    return [(start, words) for start, _, words in captions]


def test_a_typed_caption_is_an_event_for_everyone(opened):
    instructor, client_id = instructor_of(opened), uuid.uuid4()

    event = publish_caption(
        session_id=opened.pk, by=instructor, text="  switch \u202e off\nnow ", client_id=client_id
    )
    again = publish_caption(session_id=opened.pk, by=instructor, text="switch off", client_id=client_id)

    assert (event.kind, event.payload) == ("caption.said", {"text": "switch off now"})
    assert again == event
    with pytest.raises(MessageRefused):
        publish_caption(session_id=opened.pk, by=instructor, text=" \u202e ")


def test_nothing_is_said_after_the_end(opened, clock):
    clock.at(60)
    end(opened, instructor_of(opened))

    with pytest.raises(RoomEnded):
        say(opened, "late")


def test_what_was_typed_becomes_captions_of_the_video(opened, clock: Clock):
    instructor = instructor_of(opened)
    on_air(opened, instructor)
    for seconds, words in (
        (3, "Hello <b>"),
        (5, "Switch off"),
        (6.5, "Test & check"),
        (40, "After the picture"),
    ):
        clock.at(seconds)
        say(opened, words)
    clock.at(60)
    broadcast(opened, recording(6), since=clock.start)
    end(opened, instructor)
    record_ended()
    make_recording(recording_id=whole_recording(opened).pk)

    track = CaptionTrack.objects.get(kind="captions")
    assert (track.language, track.video) == ("ar", whole_recording(opened).video)
    lines = track.published.text.splitlines()
    assert [line for line in lines if "-->" in line] == [
        "00:00:00.000 --> 00:00:02.000",
        "00:00:02.000 --> 00:00:03.500",
        lines[-2],
    ]
    assert lines[-2].startswith("00:00:03.500 --> 00:00:05.7")
    assert [lines[number] for number in (3, 6, 9)] == ["Hello &lt;b&gt;", "Switch off", "Test &amp; check"]


def test_captions_of_what_was_cut_away_are_cut_away(opened, clock: Clock):
    instructor = instructor_of(opened)
    on_air(opened, instructor)
    typed(opened, clock, (1, "before"), (3, "said before"), (6, "within"), (8.5, "after"))
    broadcast(opened, recording(6), since=clock.start)
    clock.at(60)
    end(opened, instructor)
    record_ended()

    with transaction.atomic():
        part = record_part(session=opened, start_ms=2_000, end_ms=5_000)
    for number in (whole_recording(opened).pk, part.pk):
        make_recording(recording_id=number)

    whole, cut = (track.published.text for track in CaptionTrack.objects.order_by("video_id"))
    assert whole.splitlines()[3::3] == ["before", "said before", "within", "after"]
    assert cut.splitlines()[3::3] == ["within"]


def test_a_class_without_captions_gets_no_track(opened, clock: Clock):
    instructor = instructor_of(opened)
    on_air(opened, instructor)
    broadcast(opened, recording(2), since=clock.start)
    clock.at(60)
    end(opened, instructor)
    record_ended()
    make_recording(recording_id=whole_recording(opened).pk)

    assert not CaptionTrack.objects.exists()


# --- At the edges of a recording ------------------------------------------------------------------------------------


def test_what_was_typed_in_the_first_seconds_on_air_is_shown_from_the_beginning(opened, clock: Clock):
    typed(opened, clock, (7.9, "before"), (8, "at once"), (18, "later"))

    found = captions_in(opened.pk, picture(clock, (8, 20)), is_beginning_cut=False)

    assert starts(found) == [(0, "at once"), (7_000, "later")]


def test_captions_of_the_first_seconds_follow_one_another(opened, clock: Clock):
    typed(opened, clock, (0.5, "one"), (1.5, "two"), (2.5, "three"), (5, "four"))

    found = captions_in(opened.pk, picture(clock, (0, 20)), is_beginning_cut=False)

    assert found == [
        (0, 1_500, "one"),
        (1_500, 3_000, "two"),
        (3_000, 4_500, "three"),
        (4_500, 6_240, "four"),
    ]


def test_what_was_typed_in_a_gap_is_shown_where_the_picture_goes_on(opened, clock: Clock):
    typed(opened, clock, (20, "one"), (40, "two"), (61, "three"))

    found = captions_in(opened.pk, picture(clock, (0, 10), (60, 10)), is_beginning_cut=False)

    assert starts(found) == [(10_000, "one"), (11_500, "two"), (13_000, "three")]


def test_what_was_said_before_the_end_is_shown_before_the_end(opened, clock: Clock):
    typed(opened, clock, (9.5, "typed before the end"), (12.9, "typed after it"), (13, "said after it"))

    found = captions_in(opened.pk, picture(clock, (0, 10)), is_beginning_cut=False)

    assert found == [(6_500, 8_500, "typed before the end"), (8_500, 10_000, "typed after it")]


def test_more_captions_than_can_be_read_in_a_part_share_its_time(opened, clock: Clock):
    typed(opened, clock, (4, "one"), (5, "two"), (6, "three"), (7, "four"))

    found = captions_in(opened.pk, picture(clock, (0, 1), (8, 1)), is_beginning_cut=False)

    assert found == [
        (500 * n, 500 * (n + 1), words) for n, words in enumerate(["one", "two", "three", "four"])
    ]


def test_a_caption_sent_while_the_clock_is_set_back_is_kept_in_order(opened, clock: Clock):
    typed(opened, clock, (8, "one"), (6, "two"))

    found = captions_in(opened.pk, picture(clock, (0, 20)), is_beginning_cut=False)

    assert starts(found) == [(5_000, "one"), (6_500, "two")]
