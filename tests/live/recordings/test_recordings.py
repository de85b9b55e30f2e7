"""An ended class becomes one video of its center: once and complete, even after crashes and with a full disk."""

import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from jobs.enums import JobState
from jobs.services.recovery import recover
from live.broadcast.folders import recording_work_folder
from live.broadcast.timeline import Timeline
from live.enums import EventKind, RecordingProblem
from live.models import LiveSession, Recording
from live.queries.replay import chapters_in, whole_recording
from live.queries.video import stream_path
from live.services.events import append_event
from live.services.polls import PollDraft, ask_poll, close_poll, show_poll
from live.services.recordings import make_recording, record_ended
from media_pipeline.models import CaptionTrack, MediaQuota, Video
from media_pipeline.services.live_streams import live_stream_folders
from media_pipeline.services.storage_quota import used_bytes
from tests.external_programs import on_a_small_disk
from tests.factories.jobs import put
from tests.live.broadcast.recorder import recording
from tests.live.conftest import instructor_of
from tests.live.recordings.recorded import broadcast, end, on_air, slide
from tests.live.simulated_attendance import Clock
from tests.media_pipeline.transcode_jobs.workers import worker_environment
from tests.waiting import wait_until

pytestmark = [pytest.mark.engines("joins and encodes recordings"), pytest.mark.django_db]


def ended_class(session: LiveSession, clock: Clock) -> LiveSession:
    """Two recording runs of 4 s, a minute apart, two slides a minute apart, and the end."""
    instructor = instructor_of(session)
    on_air(session, instructor)
    clock.at(1)
    slide(session, 1, "Switch off\nthe breaker")
    clock.at(62)
    slide(session, 2)
    clock.at(120)
    broadcast(session, recording(), recording(), since=clock.start)
    return end(session, instructor)


def recorded(session: LiveSession) -> Recording:
    record_ended()
    make_recording(recording_id=whole_of(session).pk)
    return whole_of(session)


def whole_of(session: LiveSession) -> Recording:
    found = whole_recording(session)
    assert found is not None
    return found


def expire(recording: Recording) -> None:
    """Let the lease and the pause expire."""
    rows, past = Recording.objects.filter(pk=recording.pk), timezone.now() - dt.timedelta(hours=1)
    rows.filter(state=JobState.RUNNING).update(lease_until=past)
    rows.update(due_at=past)


def left_behind() -> list[Path]:
    return [*recording_work_folder().iterdir()] if recording_work_folder().exists() else []


def test_a_class_that_is_over_is_one_video_of_its_center(opened, clock):
    session = ended_class(opened, clock)
    center = session.class_session.cohort.center
    before = used_bytes(center)

    found = recorded(session)

    assert (found.state, found.problem, found.is_whole) == (JobState.DONE, "", True)
    assert found.video.center == center
    assert found.video.public_id == found.public_id
    assert found.video.jobs.count() == 1
    assert used_bytes(center) - before == found.video.byte_size > 10_000
    assert found.spans == [
        [round(clock.start.timestamp() * 1000) + 60_000 * number, pytest.approx(4000, abs=150)]
        for number in (0, 1)
    ]
    assert left_behind() == []
    # What was broadcast stays playable.
    assert (live_stream_folders(stream_path(session))[0] / "master.m3u8").is_file()


def test_asking_twice_and_working_twice_makes_one_video(opened, clock):
    session = ended_class(opened, clock)

    for _ in range(2):
        found = recorded(session)
        make_recording(recording_id=found.pk)

    assert Video.objects.count() == Recording.objects.count() == 1


def test_a_class_without_a_picture_is_not_recorded(opened, clock):
    clock.at(60)
    end(opened, instructor_of(opened))

    record_ended()

    assert not Recording.objects.exists()


def test_a_broadcast_that_is_not_over_waits(opened, clock):
    session = ended_class(opened, clock)
    playlist = live_stream_folders(stream_path(session))[0] / "360p.m3u8"
    whole = playlist.read_text()
    playlist.write_text(whole.removesuffix("#EXT-X-ENDLIST\n"))

    record_ended()

    assert not Recording.objects.exists()
    playlist.write_text(whole)
    record_ended()
    assert Recording.objects.count() == 1


def test_slides_become_chapters_of_the_video(opened, clock):
    instructor = instructor_of(opened)
    on_air(opened, instructor)
    clock.at(0.5)
    slide(opened, 1, "Switch off <b>\nthe breaker")
    clock.at(121)
    slide(opened, 2)
    # As far apart in the recording as chapters have to be: eight recording runs of four seconds.
    clock.at(400)
    broadcast(opened, *[recording()] * 8, since=clock.start)
    session = end(opened, instructor)
    found = recorded(session)

    line = Timeline.from_json(found.spans)
    assert line.place_of(round(clock.start.timestamp() * 1000) + 121_000) == pytest.approx(9_000, abs=400)
    assert chapters_in(found.shown, line) == []
    track = CaptionTrack.objects.filter(video=found.video)
    assert not track.exists()


def test_chapters_are_published_with_the_video(opened, clock):
    instructor = instructor_of(opened)
    on_air(opened, instructor)
    slide(opened, 1, "Switch off <b>\nthe breaker")
    clock.at(18)
    slide(opened, 2)
    clock.at(100)
    broadcast(opened, recording(20), since=clock.start)
    found = recorded(end(opened, instructor))

    track = CaptionTrack.objects.get(video=found.video)
    assert (track.kind, track.language) == ("chapters", "ar")
    words = track.published.text
    assert words.startswith("WEBVTT\n\n00:00:00.000 --> 00:00:18.000\nSwitch off &lt;b&gt;\n")
    assert words.endswith("00:00:18.000 --> 00:00:20.000\nالشريحة 2\n")


# --- Faults -----------------------------------------------------------------------------------------------------


def test_a_center_without_room_waits_and_nothing_is_left(opened, clock):
    session = ended_class(opened, clock)
    quota = MediaQuota.objects.create(center=session.class_session.cohort.center, gigabytes=0)

    found = recorded(session)

    assert (found.state, found.problem) == (JobState.WAITING, RecordingProblem.QUOTA)
    assert not Video.objects.exists()
    assert left_behind() == []
    quota.delete()
    expire(found)
    assert recorded(session).state == JobState.DONE


def test_a_disk_without_reserve_waits(opened, clock, settings):
    session = ended_class(opened, clock)
    settings.MEDIA_DISK_RESERVE_BYTES = 10**18

    found = recorded(session)

    assert (found.state, found.problem) == (JobState.WAITING, RecordingProblem.DISK)
    settings.MEDIA_DISK_RESERVE_BYTES = 0
    expire(found)
    assert recorded(session).state == JobState.DONE


def test_segments_that_are_gone_are_given_up_after_three_tries(opened, clock):
    session = ended_class(opened, clock)
    record_ended()
    for path in live_stream_folders(stream_path(session))[0].glob("360p-1-*.mp4"):
        path.unlink()

    for _ in range(3):
        found = recorded(session)
        expire(found)

    assert (found.state, found.problem) == (JobState.FAILED, "")
    assert found.why_not == RecordingProblem.ERROR.label
    assert left_behind() == []
    assert not Video.objects.exists()


def test_another_worker_is_left_alone(opened, clock):
    session = ended_class(opened, clock)
    record_ended()
    found = whole_of(session)
    put(Recording.objects.filter(pk=found.pk), JobState.RUNNING, attempts=1, fence=1)
    (recording_work_folder() / f"{found.pk}-1").mkdir(parents=True)
    (recording_work_folder() / f"{found.pk}-0").mkdir()

    make_recording(recording_id=found.pk)
    record_ended()

    assert whole_of(session).state == JobState.RUNNING
    # Files of an earlier attempt are deleted, those of this attempt are kept.
    assert [path.name for path in left_behind()] == [f"{found.pk}-1"]


MAKE = "import django; django.setup(); from live.services.recordings import make_recording; make_recording(recording_id={})"


def worker(recording: Recording, *wrapper: str, **environment: str) -> subprocess.Popen[bytes]:
    """A process of its own that makes the recording, by its own clock: the class of the test ended in its future."""
    Recording.objects.filter(pk=recording.pk).update(due_at=dt.datetime.now(tz=dt.UTC))
    return subprocess.Popen(
        [*wrapper, sys.executable, "-c", MAKE.format(recording.pk)],
        cwd=settings.BASE_DIR,
        env=worker_environment(
            PRIVATE_ROOT=str(settings.PRIVATE_ROOT), MEDIA_DISK_RESERVE_BYTES="0", **environment
        ),
        stderr=subprocess.DEVNULL,
    )


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_leaves_nothing_and_the_next_one_makes_it_whole(opened, clock):
    session = ended_class(opened, clock)
    # Different sizes are encoded, which takes long enough to be killed in.
    broadcast(session, recording(), recording(20, size="180x320"), since=clock.start)
    record_ended()
    found = whole_of(session)

    process = worker(found)
    wait_until(lambda: [*recording_work_folder().glob("*/raw-*.mp4")], every=0.005)
    process.kill()
    process.wait()
    was_left = left_behind()
    record_ended()
    make_recording(recording_id=found.pk)
    assert not Video.objects.exists()
    expire(found)
    record_ended()
    recover(Recording)
    expire(found)

    assert was_left
    assert left_behind() == []
    assert recorded(session).state == JobState.DONE
    assert Video.objects.count() == 1
    assert left_behind() == []


@pytest.mark.django_db(transaction=True)
def test_a_disk_that_fills_up_in_the_middle_is_waited_for(opened, clock):
    session = ended_class(opened, clock)
    record_ended()
    found = whole_of(session)
    recording_work_folder().mkdir(parents=True, exist_ok=True)

    process = worker(found, *on_a_small_disk(recording_work_folder(), size="100k"))
    process.wait()

    waiting = whole_of(session)
    assert (waiting.state, waiting.problem) == (JobState.WAITING, RecordingProblem.DISK)
    assert left_behind() == []
    expire(waiting)
    assert recorded(session).state == JobState.DONE


# --- Replay --------------------------------------------------------------------------------------


def places(found: Recording) -> list[tuple[int, int | None]]:
    return [(entry["at"], entry.get("page")) for entry in found.shown["stage"]]


def test_slides_are_found_by_the_recordings_own_time(opened, clock):
    found = recorded(ended_class(opened, clock))

    # The second slide was shown two seconds after the start of the second run, which follows the first without a gap.
    (first, one), (second, two) = places(found)
    assert (one, two) == (1, 2)
    assert first == pytest.approx(1_000, abs=60)
    assert second == pytest.approx(6_000, abs=200)


def test_what_was_changed_in_a_gap_is_there_when_the_picture_goes_on(opened, clock):
    instructor = instructor_of(opened)
    slide(opened, 1)
    on_air(opened, instructor)
    for page, at in ((2, 20), (3, 30)):
        clock.at(at)
        slide(opened, page)
    clock.at(100)
    slide(opened, 4)
    broadcast(opened, recording(), recording(), since=clock.start)

    found = recorded(end(opened, instructor))

    # The fourth was shown after the picture had ended.
    assert [(page, round(at / 1000)) for at, page in places(found)] == [(1, 0), (3, 4)]


def test_a_text_written_later_is_the_text_of_the_slide(opened, clock):
    instructor = instructor_of(opened)
    on_air(opened, instructor)
    shown = slide(opened, 1, "ol")
    opened.refresh_from_db()
    append_event(
        session=opened, kind=EventKind.SLIDE_DESCRIBED, actor=None, target=shown, payload={"text": "old fuse"}
    )
    broadcast(opened, recording(), since=clock.start)
    clock.at(60)

    found = recorded(end(opened, instructor))

    assert [entry["text"] for entry in found.shown["stage"]] == ["old fuse"]


def test_results_of_polls_come_when_the_class_saw_them_and_hidden_ones_never(opened, clock):
    instructor = instructor_of(opened)
    on_air(opened, instructor)

    def poll(question: str, results: str, seconds: float, *, is_shown: bool = False) -> None:
        clock.at(seconds)
        draft = PollDraft(question, ("yes", "no"), results=results, is_anonymous=True)
        asked = ask_poll(session_id=opened.pk, by=instructor, draft=draft)
        close_poll(session_id=opened.pk, by=instructor, poll_id=asked.payload["poll"])
        if is_shown:
            clock.at(seconds + 0.5)
            show_poll(session_id=opened.pk, by=instructor, poll_id=asked.payload["poll"])

    poll("seen", "at_end", 1)
    poll("hidden", "hidden", 2)
    poll("shown later", "hidden", 3, is_shown=True)
    poll("after the picture", "at_end", 30)
    broadcast(opened, recording(), since=clock.start)
    clock.at(60)

    found = recorded(end(opened, instructor))

    polls = {poll["question"]: poll for poll in found.shown["polls"]}
    assert set(polls) == {"seen", "hidden", "shown later"}
    assert polls["seen"]["tally"] == [0, 0]
    assert set(polls["hidden"]) == {"at", "question", "options"}
    assert polls["shown later"]["shown"] == pytest.approx(3_500, abs=60)
