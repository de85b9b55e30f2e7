"""Captions are checked before anyone reads them, and reach a published video without a new encoding."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import translation

from accounts.models import User
from media_pipeline.enums import CaptionKind, CaptionLanguage
from media_pipeline.errors import CaptionsRefused
from media_pipeline.folders import published_folder, staging_folder
from media_pipeline.models import CaptionTrack, Video
from media_pipeline.services import add_captions, run_job, sign_playback
from media_pipeline.transcoding.webvtt import BadCaptions, read_captions
from tests.factories.media_pipeline import VideoFactory

GOOD = "WEBVTT\n\nمقدمة\n00:00.000 --> 00:01.500 line:90%\nافصل القاطع الرئيسي\nقبل لمس أي سلك\n\n00:01.500 --> 00:02.000\nتأكد\n"
Upload = Callable[..., Video]


def caption(video: Video, by: User, text: str = GOOD) -> CaptionTrack:
    return add_captions(
        video=video, language=CaptionLanguage.ARABIC, kind=CaptionKind.CAPTIONS, data=text.encode(), by=by
    )


def published(video: Video) -> Video:
    run_job(job_id=video.jobs.get().pk)
    video.refresh_from_db()
    return video


def test_captions_set_before_the_work_are_published_with_it(landscape: Path, upload: Upload, manager: User):
    video = upload(landscape)
    caption(video, manager)

    playback = sign_playback(video=published(video), viewer="x")

    folder = published_folder() / video.published.path
    assert (folder / "captions-ar.vtt").read_text() == GOOD
    assert [(track.language, track.label) for track in playback.captions] == [("ar", "العربية")]
    assert 'URI="captions-ar.m3u8"' in (folder / "master.m3u8").read_text()


def test_captions_set_later_make_a_next_version_of_the_same_film(
    landscape: Path, upload: Upload, manager: User
):
    video = published(upload(landscape))
    before = published_folder() / video.published.path

    caption(video, manager)

    video.refresh_from_db()
    after = published_folder() / video.published.path
    assert [version.number for version in video.versions.all()] == [2, 1]
    assert (after / "240p.mp4").samefile(before / "240p.mp4")
    assert not (before / "captions-ar.vtt").exists()
    assert "captions" not in (before / "master.m3u8").read_text()
    assert list(staging_folder().iterdir()) == []


def test_captions_of_one_language_replace_each_other(db: None, manager: User):
    video = VideoFactory()
    caption(video, manager)

    caption(video, manager, GOOD.replace("تأكد", "تحقق"))

    track = video.captions.get()
    assert "تحقق" in Path(track.file.path).read_text()


def test_bad_captions_are_refused_by_line_and_change_nothing(db: None, manager: User):
    video = VideoFactory()

    with (
        translation.override("en"),
        pytest.raises(CaptionsRefused, match="Line 3 of the captions: a time like"),
    ):
        caption(video, manager, "WEBVTT\n\n1,5 --> 2,5\nword\n")

    assert not video.captions.exists()


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("1\n00:00:01,000 --> 00:00:02,000\nSRT\n", 1, "no_header"),
        ("WEBVTT", 1, "no_cues"),
        ("WEBVTT\n\n00:02.000 --> 00:01.000\nback\n", 3, "ends_before_start"),
        ("WEBVTT\n\n00:05.000 --> 00:06.000\na\n\n00:01.000 --> 00:02.000\nb\n", 6, "out_of_order"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n", 3, "no_text"),
        ("WEBVTT\n\n00:01.00 --> 00:02.000\na\n", 3, "no_timing"),
        ("WEBVTT\n\n٠٠:٠١.٠٠٠ --> 00:02.000\na\n", 3, "no_timing"),
        ("WEBVTT\n\nonly words\n", 3, "no_timing"),
        ("WEBVTTX\n\n00:01.000 --> 00:02.000\na\n", 1, "no_header"),
        ("<script>alert(1)</script>", 1, "no_header"),
    ],
)
def test_faulty_captions_are_told_by_line(text: str, line: int, problem: str):
    with pytest.raises(BadCaptions) as caught:
        read_captions(text.encode())

    assert (caught.value.line, caught.value.problem) == (line, problem)


def test_captions_in_another_encoding_are_told_by_line():
    with pytest.raises(BadCaptions) as caught:
        read_captions("WEBVTT\n\n00:01.000 --> 00:02.000\nافصل\n".encode("cp1256"))

    assert (caught.value.line, caught.value.problem) == (4, "not_utf8")


@pytest.mark.parametrize(
    "text", ["\ufeff" + GOOD, GOOD.replace("\n", "\r\n"), GOOD.replace("WEBVTT", "WEBVTT - title\nX-KEY: 1")]
)
def test_captions_of_other_tools_are_taken(text: str):
    assert read_captions(text.encode()).startswith("WEBVTT")


def test_notes_and_styles_between_cues_are_taken():
    text = "WEBVTT\n\nSTYLE\n::cue { color: red }\n\nNOTE words\n\n01:00:00.000 --> 01:00:01.000\na\n"

    assert read_captions(text.encode()) == text
