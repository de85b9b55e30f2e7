"""Captions typed during a class: read at once by everyone, and captions of the lesson afterwards."""

import uuid

import pytest

from live.broadcast.timeline import Span, Timeline
from live.errors import MessageRefused, RoomEnded
from live.models import LiveSession
from live.queries.captions import captions_in
from live.queries.replay import whole_recording
from live.services.captions import publish_caption
from live.services.recordings import make_recording, record_ended
from media_pipeline.models import CaptionTrack
from tests.live.broadcast.recorder import recording
from tests.live.conftest import instructor_of
from tests.live.recordings.recorded import broadcast, end, on_air
from tests.live.simulated_attendance import Clock

pytestmark = pytest.mark.django_db


def say(session: LiveSession, text: str) -> None:
    instructor = session.events.order_by("seq").first().actor
    publish_caption(session_id=session.pk, by=instructor, text=text)


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
    began = round(clock.start.timestamp() * 1000)
    for seconds, words in ((4, "before"), (9, "said before"), (14, "within"), (40, "after")):
        clock.at(seconds)
        say(opened, words)

    found = captions_in(opened.pk, Timeline.of([Span(began + 8_000, 10_000)]))

    assert [(start, words) for start, _, words in found] == [(3_000, "within")]


def test_a_class_without_captions_gets_no_track(opened, clock: Clock):
    instructor = instructor_of(opened)
    on_air(opened, instructor)
    broadcast(opened, recording(2), since=clock.start)
    clock.at(60)
    end(opened, instructor)
    record_ended()
    make_recording(recording_id=whole_recording(opened).pk)

    assert not CaptionTrack.objects.exists()
