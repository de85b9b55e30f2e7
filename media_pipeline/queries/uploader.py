"""The context of the uploader: for its page, for the staff workplace and for its script."""

from typing import Any

from django.urls import reverse

from accounts.enums import Act
from accounts.models import User
from accounts.scoping import centers_where
from media_pipeline.enums import UploadState
from media_pipeline.models import Upload, Video
from media_pipeline.queries.uploads import arrived_bytes, uploads_of, videos_like
from media_pipeline.queries.videos import refused_because
from media_pipeline.uploading import UPLOADS_PATH

ACCEPTED = "video/*,audio/*,.mkv,.ts,.flv,.wmv"


def uploader_context(user: User) -> dict[str, Any]:
    """The context of `media_pipeline/uploader.html`."""
    return {
        "uploads_path": UPLOADS_PATH,
        "centers": list(centers_where(user, Act.MANAGE_MEDIA)),
        "uploads": uploads_as_json(user),
        "accepted": ACCEPTED,
        # It is in the workplace, whose digits are Latin.
        "numbering": "latn",
    }


def uploads_as_json(user: User) -> list[dict[str, Any]]:
    uploads = list(uploads_of(user)[:60])
    alike = videos_like([upload for upload in uploads if upload.state == UploadState.DUPLICATE])
    return [_upload_as_json(upload, alike.get(upload.pk, [])) for upload in uploads]


def _upload_as_json(upload: Upload, alike: list[Video]) -> dict[str, Any]:
    own = {"public_id": upload.public_id}
    return {
        "url": f"{UPLOADS_PATH}{upload.public_id.hex}",
        "title": upload.title,
        "name": upload.original_name,
        "center": str(upload.center),
        "length": upload.length,
        "offset": arrived_bytes(upload),
        "fingerprint": upload.fingerprint,
        "state": upload.state,
        "label": upload.get_state_display(),
        "refusal": refused_because(upload.refusal),
        "video_url": reverse("video:inspect", args=[upload.video_id]) if upload.video_id else "",
        "alike": [
            {"title": video.title, "url": reverse("video:inspect", args=[video.pk])} for video in alike
        ],
        "keep_url": reverse("uploads:keep", kwargs=own),
        "drop_url": reverse("uploads:drop", kwargs=own),
    }
