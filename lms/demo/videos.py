"""The demo's lesson videos, sent through the site's own upload page and the real pipeline."""

import time
from collections.abc import Mapping

from django.urls import reverse

from lms.demo.browser import Browser, StepFailedError
from lms.demo.clips import Clip
from lms.demo.journal import Journal
from lms.demo.people import PASSWORD, DemoPeople
from media_pipeline.enums import CaptionKind, CaptionLanguage, VideoState
from media_pipeline.models import Video
from media_pipeline.queries.videos import last_job_of
from media_pipeline.services.captions import add_captions

# The job of a killed worker is dispatched again by the recovery, once its lease has expired.
PATIENCE_SECONDS = 600


def upload_clips(
    site: str, journal: Journal, cast: DemoPeople, clips: Mapping[str, Clip]
) -> dict[str, Video]:
    """Upload, as the instructor in a browser, every clip the center does not have yet."""
    browser = Browser(site)
    instructor = cast.login("instructor")
    browser.log_in(instructor.get_username(), PASSWORD)
    videos = {}
    for name, clip in clips.items():
        video = Video.objects.filter(center=cast.center, title=clip.title_ar).first()
        if video is None:
            browser.get(reverse("video:add"))
            with clip.path.open("rb") as file:
                page = browser.post(
                    reverse("video:add"),
                    {"center": cast.center.pk, "title": clip.title_ar},
                    files={"file": (clip.path.name, file)},
                )
            video = Video.objects.filter(center=cast.center, title=clip.title_ar).first()
            if video is None:
                raise StepFailedError(f"the upload of {clip.path.name} was refused: {page.main_text()}")
            journal.report(f"uploaded “{clip.title_ar}” ({clip.path.stat().st_size // 1024} kB)")
        videos[name] = video
    return videos


def wait_until_published(journal: Journal, videos: Mapping[str, Video]) -> None:
    """Wait for the worker and report its progress."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    waiting, told = dict(videos), ""
    while waiting:
        for name, video in list(waiting.items()):
            video.refresh_from_db()
            if video.state == VideoState.PUBLISHED:
                journal.report(f"published “{video.title}”")
                del waiting[name]
            elif video.state in {VideoState.REFUSED, VideoState.FAILED}:
                job = last_job_of(video)
                raise StepFailedError(f"“{video.title}” is {video.state}: {job and job.error}")
        if time.monotonic() > deadline:
            raise StepFailedError(f"no worker published {', '.join(waiting)} in {PATIENCE_SECONDS} s")
        jobs = {video.title: last_job_of(video) for video in waiting.values()}
        status = " · ".join(f"{title} {(job.percent if job else 0) or 0} %" for title, job in jobs.items())
        if status and status != told:
            journal.report(told := status)
        time.sleep(1)


def caption_clips(cast: DemoPeople, clips: Mapping[str, Clip], videos: Mapping[str, Video]) -> None:
    """Give every video the captions it lacks."""
    for name, clip in clips.items():
        have = set(videos[name].captions.values_list("language", flat=True))
        for language in clip.captions.keys() - have:
            add_captions(
                video=videos[name],
                language=CaptionLanguage(language),
                kind=CaptionKind.CAPTIONS,
                data=clip.captions[language].encode(),
                by=cast.login("instructor"),
            )
