"""Speech recognition drafts captions of real speech; only a person publishes them."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.models import Center, User
from jobs.enums import JobState
from media_pipeline.enums import CaptionLanguage, CaptionOrigin
from media_pipeline.errors import CaptionsExist, NoSoundToTranscribe, TranscriptionInProgress
from media_pipeline.folders import speech_folder
from media_pipeline.models import Transcription, Video
from media_pipeline.services.captions import save_draft, start_captions
from media_pipeline.services.jobs.working import run_job
from media_pipeline.services.transcriptions import (
    purge_speech,
    run_transcription,
    start_transcription,
)
from media_pipeline.transcoding.cues import Cue
from media_pipeline.transcription.adapter import TranscriptionFailed
from media_pipeline.transcription.checks import check_transcription
from media_pipeline.transcription.results import read_result
from tests import external_programs
from tests.factories.jobs import put
from tests.factories.media_pipeline import VideoFactory, published_video
from tests.media_pipeline import clips

SPEECH = "Switch off the main breaker. Check that the power is off. Connect the green wire to the ground."
PROGRAM = """
import json, sys, pathlib
sound, output, language, model = sys.argv[1:]
assert pathlib.Path(sound).read_bytes()[:4] == b"RIFF"
if model == "broken":
    sys.exit("no memory for the model")
words = [{"start": 0.2, "end": 1.0, "text": f" heard in {language} "}]
pathlib.Path(output + ".json").write_text(json.dumps({"segments": words}))
"""
Upload = Callable[..., Video]


@pytest.fixture
def program(tmp_path: Path, settings: Settings) -> Path:
    """A program as recognizer, with the same result for every video."""
    path = tmp_path / "listen.py"
    path.write_text(PROGRAM)
    settings.TRANSCRIPTION_ADAPTER = "command"
    python = Path(sys.executable).resolve()
    settings.TRANSCRIPTION_COMMAND = f"{python} {path} {{sound}} {{output}} {{language}} '{{model}}'"
    settings.TRANSCRIPTION_READABLE = [str(path), sys.base_prefix]
    return path


@pytest.fixture
def video(stored_video: Video) -> Video:
    return stored_video


def published(video: Video) -> Video:
    run_job(job_id=video.jobs.get().pk)
    video.refresh_from_db()
    assert video.published
    return video


def asked(video: Video, by: User) -> Transcription:
    return start_transcription(video=video, language=CaptionLanguage.ENGLISH, by=by)


def listened(row: Transcription) -> Transcription:
    run_transcription(transcription_id=row.pk)
    row.refresh_from_db()
    return row


@pytest.mark.engines("a recognizer listens to real speech")
def test_real_speech_becomes_an_unpublished_draft(
    upload: Upload, manager: User, settings: Settings, tmp_path: Path
):
    settings.TRANSCRIPTION_ADAPTER = "pocketsphinx"
    said, recording = tmp_path / "said.wav", tmp_path / "said.m4a"
    subprocess.run(
        [external_programs.program("flite", package="flite"), "-voice", "slt", "-t", SPEECH, "-o", said],
        check=True,
    )
    subprocess.run(
        [clips.BINARIES.ffmpeg, "-v", "error", "-i", said, "-c:a", "aac", "-b:a", "96k", recording],
        check=True,
    )
    video = published(upload(recording))

    row = listened(asked(video, manager))

    track = video.captions.get()
    assert (row.state, row.error) == (JobState.DONE, "")
    assert (track.published, track.draft.origin, track.draft.by) == (None, CaptionOrigin.MACHINE, manager)
    assert "switch off the main breaker" in track.text
    assert "connect the green wire" in track.text
    assert not list(speech_folder().iterdir())
    video.refresh_from_db()
    assert video.published.captions == []


def test_the_program_of_the_operator_is_run(video: Video, manager: User, program: Path):
    row = listened(asked(video, manager))

    assert (row.state, row.error) == (JobState.DONE, "")
    assert "00:00:00.200 --> 00:00:01.000\nheard in en\n" in video.captions.get().text


def test_a_program_that_fails_is_retried_and_then_fails_for_good(
    video: Video, manager: User, program: Path, settings: Settings
):
    settings.TRANSCRIPTION_COMMAND = settings.TRANSCRIPTION_COMMAND.replace("'{model}'", "broken")
    row = asked(video, manager)

    first = listened(row).state
    Transcription.objects.update(due_at=timezone.now())
    states = [first, listened(row).state]

    assert states == [JobState.WAITING, JobState.FAILED]
    assert "no memory for the model" in row.error
    assert not video.captions.exists()
    assert asked(video, manager).state == JobState.WAITING


def test_a_message_delivered_twice_makes_one_draft(video: Video, manager: User, program: Path):
    row = listened(asked(video, manager))

    listened(row)

    assert (row.attempts, video.captions.get().revisions.count()) == (1, 1)


def test_files_of_a_dead_worker_are_deleted(video: Video, manager: User, program: Path):
    row = asked(video, manager)
    put(Transcription.objects, JobState.RUNNING, attempts=1, fence=1)
    for fence in (0, 1):
        (speech_folder() / f"{row.pk}-{fence}").mkdir(parents=True)

    purge_speech()

    assert [folder.name for folder in speech_folder().iterdir()] == [f"{row.pk}-1"]


def test_a_request_leased_by_another_worker_is_left_alone(video: Video, manager: User, program: Path):
    row = asked(video, manager)
    put(Transcription.objects, JobState.RUNNING)

    assert listened(row).state == JobState.RUNNING


def test_words_that_a_person_began_meanwhile_stay_the_draft(video: Video, manager: User, program: Path):
    row = asked(video, manager)
    track = start_captions(video=video, language=CaptionLanguage.ENGLISH, kind="captions", by=manager)
    save_draft(track=track, text="WEBVTT\n\nNOTE mine\n", edits=track.edits, by=manager)

    listened(row)

    track.refresh_from_db()
    assert "NOTE mine" in track.text
    assert any(old.origin == CaptionOrigin.MACHINE for old in track.revisions.all())


def test_a_request_that_is_not_possible_is_refused_with_the_reason(
    video: Video, manager: User, program: Path
):
    asked(video, manager)

    with pytest.raises(TranscriptionInProgress):
        asked(video, manager)
    with pytest.raises(NoSoundToTranscribe):
        asked(VideoFactory(center=video.center), manager)
    start_captions(
        video=video,
        language=CaptionLanguage.ARABIC,
        kind="captions",
        data=b"WEBVTT\n\n00:00.000 --> 00:01.000\na\n",
        by=manager,
    )
    with pytest.raises(CaptionsExist):
        start_transcription(video=video, language=CaptionLanguage.ARABIC, by=manager)


def test_the_page_of_a_video_asks_a_machine_in_its_languages(
    manager_client: Client, video: Video, program: Path, settings: Settings
):
    settings.TRANSCRIPTION_LANGUAGES = ["ar", "en"]
    page = reverse("video:inspect", args=[video.pk])
    address = reverse("transcription:add")

    before = manager_client.get(page).content.decode()
    manager_client.post(address, {"video": video.pk, "language": "fr"})
    manager_client.post(address, {"video": video.pk, "language": "ar"})
    after = manager_client.get(page).content.decode()

    assert f'action="{address}"' in before
    assert '<option value="fr">' not in before
    assert [row.language for row in Transcription.objects.all()] == ["ar"]
    assert "تكتب الآلة مسودة" in after


def test_a_foreign_video_is_not_transcribed(manager_client: Client, other_center: Center, program: Path):
    manager_client.post(
        reverse("transcription:add"), {"video": published_video(center=other_center).pk, "language": "en"}
    )

    assert not Transcription.objects.exists()


@pytest.mark.parametrize(
    ("text", "cues"),
    [
        ('[{"start_ms": 100, "end_ms": 200, "text": "a"}]', [Cue(100, 200, "a")]),
        ('{"segments": [{"start": 0.1, "end": 0.2, "text": " a "}], "language": "en"}', [Cue(100, 200, "a")]),
        ("WEBVTT\n\nx\n00:00.100 --> 00:00.200 line:1\n<v Ali>a\nb\n", [Cue(100, 200, "a\nb")]),
        ("1\n00:00:00,100 --> 00:00:00,200\na\n", [Cue(100, 200, "a")]),
        ("[]", []),
    ],
)
def test_results_of_many_programs_are_read(tmp_path: Path, text: str, cues: list[Cue]):
    path = tmp_path / "words"
    path.write_text(text)

    assert read_result(path) == cues


@pytest.mark.parametrize(
    "text",
    [
        "",
        "words",
        "{}",
        '{"segments": 1}',
        '[{"start": "x", "end": 1, "text": "a"}]',
        '[{"start": 5, "end": 1, "text": "a"}]',
        '[{"start": -1, "end": 1, "text": "a"}]',
        '[{"start": NaN, "end": 1, "text": "a"}]',
        '[{"start": 1e300, "end": Infinity, "text": "a"}]',
        '[{"start": 0, "end": 1, "text": ["a"]}]',
        json.dumps(["a"]),
        "[" * 200_000,
    ],
)
def test_malformed_results_are_refused(tmp_path: Path, text: str):
    path = tmp_path / "words"
    path.write_text(text)

    with pytest.raises(TranscriptionFailed):
        read_result(path)


def test_a_link_out_of_the_sandbox_is_not_followed(tmp_path: Path):
    (tmp_path / "secret").write_text("[]")
    (tmp_path / "words").symlink_to(tmp_path / "secret")

    with pytest.raises(TranscriptionFailed):
        read_result(tmp_path / "words")


@pytest.mark.parametrize(
    ("adapter", "command", "errors"),
    [
        ("", "", []),
        ("command", "", ["media_pipeline.E002"]),
        ("command", "listen {sound}", ["media_pipeline.E002"]),
        ("command", "/usr/bin/env {sound}", []),
        ("unknown", "", ["media_pipeline.E002"]),
    ],
)
def test_a_missing_recognizer_fails_the_system_check(
    settings: Settings, adapter: str, command: str, errors: list[str]
):
    settings.TRANSCRIPTION_ADAPTER, settings.TRANSCRIPTION_COMMAND = adapter, command

    assert [found.id for found in check_transcription(None)] == errors
