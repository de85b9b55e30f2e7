"""Captions are drafts until a person publishes them; they reach a published video without a new encoding."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import translation
from wagtail.models import ModelLogEntry

from accounts.models import User
from media_pipeline.enums import CaptionKind, CaptionLanguage, CaptionOrigin
from media_pipeline.errors import CaptionsChanged, CaptionsExist, CaptionsRefused
from media_pipeline.folders import published_folder, staging_folder
from media_pipeline.models import CaptionRevision, CaptionTrack, Video
from media_pipeline.queries.captions import has_captions, without_captions
from media_pipeline.services.captions import (
    add_captions,
    publish_captions,
    remove_captions,
    restore_revision,
    save_draft,
    start_captions,
)
from media_pipeline.services.jobs.working import run_job
from media_pipeline.services.playback import sign_playback
from media_pipeline.transcoding.validate import Invalid
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


@pytest.mark.engines("encodes a video")
def test_captions_set_before_the_work_are_published_with_it(landscape: Path, upload: Upload, manager: User):
    video = upload(landscape)
    caption(video, manager)

    playback = sign_playback(video=published(video), viewer="x")

    folder = published_folder() / video.published.path
    assert (folder / "captions-ar.vtt").read_text() == GOOD
    assert [(track.language, track.label) for track in playback.captions] == [("ar", "العربية")]
    assert 'URI="captions-ar.m3u8"' in (folder / "master.m3u8").read_text()


def test_captions_set_later_make_a_next_version_with_the_same_renditions(stored_video: Video, manager: User):
    before = published_folder() / stored_video.published.path

    caption(stored_video, manager)

    stored_video.refresh_from_db()
    after = published_folder() / stored_video.published.path
    assert [version.number for version in stored_video.versions.all()] == [2, 1]
    assert (after / "240p.mp4").samefile(before / "240p.mp4")
    assert not (before / "captions-ar.vtt").exists()
    assert "captions" not in (before / "master.m3u8").read_text()
    assert list(staging_folder().iterdir()) == []


def test_captions_are_not_published_with_a_playlist_that_has_no_end(stored_video: Video, manager: User):
    before = stored_video.published
    playlist = published_folder() / before.path / "240p.m3u8"
    playlist.write_text(playlist.read_text().removesuffix("#EXT-X-ENDLIST\n"))

    with pytest.raises(Invalid, match="no end"):
        caption(stored_video, manager)

    stored_video.refresh_from_db()
    assert stored_video.published == before


def test_captions_of_one_language_replace_each_other(db: None, manager: User):
    video = VideoFactory()
    caption(video, manager)

    caption(video, manager, GOOD.replace("تأكد", "تحقق"))

    track = video.captions.get()
    assert "تحقق" in track.published.text
    assert track.revisions.count() == 2


def test_bad_captions_are_refused_by_line_and_change_nothing(db: None, manager: User):
    video = VideoFactory()

    with (
        translation.override("en"),
        pytest.raises(CaptionsRefused, match="Line 3 of the captions: a time like"),
    ):
        caption(video, manager, "WEBVTT\n\n1,5 --> 2,5\nword\n")

    assert not video.captions.exists()


def draft(video: Video, by: User, text: str = GOOD, kind: CaptionKind = CaptionKind.CAPTIONS) -> CaptionTrack:
    return start_captions(video=video, language=CaptionLanguage.ARABIC, kind=kind, data=text.encode(), by=by)


def test_a_draft_changes_nothing_that_trainees_see(stored_video: Video, manager: User):
    track = draft(stored_video, manager)

    save_draft(track=track, text=GOOD + "\n", edits=track.edits, by=manager)

    stored_video.refresh_from_db()
    assert stored_video.versions.count() == 1
    assert sign_playback(video=stored_video, viewer="x").captions == []


def test_publishing_a_draft_shows_it(stored_video: Video, manager: User):
    track = draft(stored_video, manager)

    publish_captions(track=track, edits=track.edits, by=manager)

    stored_video.refresh_from_db()
    folder = published_folder() / stored_video.published.path
    assert (stored_video.published.number, (folder / "captions-ar.vtt").read_text()) == (2, GOOD)
    assert ModelLogEntry.objects.filter(action="media_pipeline.video.publish_captions", user=manager).exists()


def test_publishing_twice_makes_one_version(stored_video: Video, manager: User):
    track = draft(stored_video, manager)

    for _ in range(2):
        publish_captions(track=track, edits=track.edits, by=manager)

    assert stored_video.versions.count() == 2


@pytest.mark.engines("encodes a video")
def test_drafts_are_not_published_with_a_new_encoding(landscape: Path, upload: Upload, manager: User):
    video = upload(landscape)
    draft(video, manager)

    assert published(video).published.captions == []


def test_chapters_are_published_and_are_not_subtitles(stored_video: Video, manager: User):
    track = draft(stored_video, manager, kind=CaptionKind.CHAPTERS)

    publish_captions(track=track, edits=track.edits, by=manager)

    stored_video.refresh_from_db()
    folder = published_folder() / stored_video.published.path
    assert (folder / "chapters-ar.vtt").read_text() == GOOD
    assert [track["name"] for track in stored_video.published.captions] == ["chapters-ar"]
    assert "chapters" not in (folder / "master.m3u8").read_text()
    assert sign_playback(video=stored_video, viewer="x").captions == []
    assert not has_captions(stored_video)
    assert without_captions(Video.objects.all()).get() == stored_video


def test_a_faulty_draft_is_kept_and_not_published(db: None, manager: User):
    track = draft(VideoFactory(), manager)
    track = save_draft(track=track, text="WEBVTT\n\n00:01.000 --> 00:02.000\n", edits=track.edits, by=manager)

    with translation.override("en"), pytest.raises(CaptionsRefused, match=r"Line 3 .* no words"):
        publish_captions(track=track, edits=track.edits, by=manager)

    track.refresh_from_db()
    assert (track.published, track.draft.number) == (None, 2)


def test_two_editors_do_not_write_over_each_other(db: None, manager: User, superuser: User):
    track = draft(VideoFactory(), manager)
    seen = track.edits
    save_draft(track=track, text="WEBVTT\n\nNOTE theirs\n", edits=seen, by=superuser)

    with pytest.raises(CaptionsChanged) as conflict:
        save_draft(track=track, text="WEBVTT\n\nNOTE mine\n", edits=seen, by=manager)
    with pytest.raises(CaptionsChanged):
        publish_captions(track=track, edits=seen, by=manager)

    track.refresh_from_db()
    assert "theirs" in track.draft.text
    assert str(superuser) in str(conflict.value)


def test_a_save_whose_answer_was_lost_is_no_conflict(db: None, manager: User):
    track = draft(VideoFactory(), manager)
    first = save_draft(track=track, text="WEBVTT\n\nNOTE a\n", edits=track.edits, by=manager)

    again = save_draft(track=track, text="WEBVTT\r\n\r\nNOTE a", edits=track.edits, by=manager)

    assert (again.edits, again.draft_id) == (first.edits, first.draft_id)


def test_consecutive_saves_of_one_person_are_one_revision(db: None, manager: User, superuser: User):
    track = draft(VideoFactory(), manager)
    for number in range(3):
        track = save_draft(track=track, text=f"WEBVTT\n\nNOTE {number}\n", edits=track.edits, by=manager)

    save_draft(track=track, text="WEBVTT\n\nNOTE other\n", edits=track.edits, by=superuser)

    assert [(row.number, row.by) for row in track.revisions.all()] == [
        (3, superuser),
        (2, manager),
        (1, manager),
    ]


def test_what_was_published_is_never_rewritten(db: None, manager: User):
    track = draft(VideoFactory(), manager)
    track = save_draft(track=track, text=GOOD + "\nNOTE a\n", edits=track.edits, by=manager)
    publish_captions(track=track, edits=track.edits, by=manager)

    save_draft(track=track, text=GOOD + "\nNOTE b\n", edits=track.edits, by=manager)

    track.refresh_from_db()
    assert ("NOTE a" in track.published.text, "NOTE b" in track.draft.text) == (True, True)


def test_an_earlier_revision_comes_back_as_the_draft(db: None, manager: User):
    track = draft(VideoFactory(), manager)
    save_draft(track=track, text="WEBVTT\n", edits=track.edits, by=manager)

    track = restore_revision(track=track, number=1, by=manager)

    assert (track.draft.number, track.draft.text, track.draft.origin) == (3, GOOD, CaptionOrigin.RESTORED)
    assert track.published is None


def test_removed_captions_are_gone_from_the_next_version(stored_video: Video, manager: User):
    track = caption(stored_video, manager)

    remove_captions(track=track, by=manager)

    stored_video.refresh_from_db()
    assert (stored_video.versions.count(), stored_video.published.captions) == (3, [])
    assert not CaptionRevision.objects.exists()


def test_captions_of_one_language_and_kind_begin_once(db: None, manager: User):
    track = draft(VideoFactory(), manager)

    with pytest.raises(CaptionsExist):
        draft(track.video, manager)
