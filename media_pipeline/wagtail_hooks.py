"""Registers the pages and the audit words of media in the staff workplace."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry

from accounts.scoping.work import Shortcut, Work
from media_pipeline.enums import CaptionKind, CaptionLanguage, RefusalReason
from media_pipeline.viewsets import (
    captions_viewset,
    media_quota_viewset,
    transcription_viewset,
    video_chooser,
    video_viewset,
    without_captions_item,
)
from media_pipeline.work import SHORTCUTS, WORK


@hooks.register("register_admin_viewset")
def videos() -> list[object]:
    return [video_viewset, video_chooser, captions_viewset, media_quota_viewset, transcription_viewset]


@hooks.register("register_reports_menu_item")
def videos_without_captions() -> MenuItem:
    return without_captions_item


@hooks.register("register_log_actions")
def audit_labels(actions: LogActionRegistry) -> None:
    for verb, label, message in (
        ("upload", _("Upload"), _("Uploaded the file")),
        ("rename", _("Rename"), _("Changed the title")),
        ("caption", _("Begin captions"), _("Began captions")),
        ("transcribe", _("Draft captions by machine"), _("Asked a machine for captions")),
        ("publish_captions", _("Publish captions"), _("Published captions")),
        ("uncaption", _("Remove captions"), _("Removed captions")),
        ("publish", _("Publish"), _("Published a version")),
        ("refuse", _("Refuse"), _("The file was refused")),
        ("fail", _("Fail"), _("The preparation failed")),
        ("reprocess", _("Prepare again"), _("Asked for a new preparation")),
        ("retry", _("Try again"), _("Asked for another try")),
        ("cancel", _("Cancel"), _("Stopped the preparation")),
        ("remove", _("Remove video"), _("Removed the video after its time")),
    ):
        actions.register_action(f"media_pipeline.video.{verb}", label, message)
    for verb, label, message in (
        ("start", _("Begin"), _("Started to upload a file")),
        ("drop", _("Cancel"), _("Canceled the upload")),
        ("keep", _("Keep"), _("Kept a file that was there already")),
        ("refuse", _("Refuse"), _("The file was refused")),
        ("expire", _("Expire"), _("The upload waited too long")),
    ):
        actions.register_action(f"media_pipeline.upload.{verb}", label, message)


def refusal_in_words(reason: str, data: Mapping[str, Any]) -> str:
    """The sentence that the uploader saw; placeholders that were not logged stay open."""
    known = {"minutes", "limit", "seconds", "width", "height", "declared"}
    facts = dict.fromkeys(known, "…") | data.get("facts", {})
    return str(RefusalReason(reason).label) % facts if reason in RefusalReason.values else reason


@hooks.register("register_audit_labels")
def words_of_data() -> dict[str, Any]:
    return {
        "media_pipeline:reason": (_("reason"), refusal_in_words),
        "media_pipeline:facts": None,
        "media_pipeline:error": _("error"),
        "media_pipeline:name": _("file name"),
        "media_pipeline:bytes": _("bytes"),
        "media_pipeline:title": _("title"),
        "media_pipeline:before": _("before"),
        "media_pipeline:after": _("after"),
        "media_pipeline:version": _("version"),
        "media_pipeline:revision": _("version"),
        "media_pipeline:language": (_("language"), CaptionLanguage),
        "media_pipeline:kind": (_("kind"), CaptionKind),
        "media_pipeline:sha256": _("SHA-256 of the file"),
    }


@hooks.register("register_work")
def register_work() -> Sequence[type[Work]]:
    return WORK


@hooks.register("register_shortcuts")
def register_shortcuts() -> Sequence[Shortcut]:
    return SHORTCUTS
