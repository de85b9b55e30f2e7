"""Signed addresses of streams (in the scaled mode nginx serves those on our disk), and the pages of uploads."""

from django.urls import path, re_path

from media_pipeline.views import (
    count_watching,
    drop,
    keep,
    refuse_stream,
    serve_bucket_stream,
    serve_live_stream,
    serve_stream,
    uploads_page,
    uploads_state,
)

app_name = "media_pipeline"

urlpatterns = [
    re_path(
        r"^media/v/(?P<expires>[0-9]{1,12})-(?P<viewer>[0-9a-f]{16})/(?P<signature>[A-Za-z0-9_-]{22})/"
        r"(?P<path>[0-9a-f]{32}/[0-9]{1,9})/(?P<name>[a-z0-9-]{1,40}\.(?:m3u8|mp4|jpg|vtt))\Z",
        serve_stream,
        name="stream",
    ),
    re_path(
        r"^media/b/(?P<expires>[0-9]{1,12})-(?P<viewer>[0-9a-f]{16})/(?P<signature>[A-Za-z0-9_-]{22})/"
        r"(?P<path>[0-9a-f]{32}/[0-9]{1,9})/(?P<name>[a-z0-9-]{1,40}\.(?:m3u8|mp4|jpg|vtt))\Z",
        serve_bucket_stream,
        name="bucket_stream",
    ),
    re_path(
        r"^media/l/(?P<expires>[0-9]{1,12})-(?P<viewer>[0-9a-f]{16})/(?P<signature>[A-Za-z0-9_-]{22})/"
        r"(?P<path>[0-9a-f]{32}/[0-9]{1,9})/(?P<name>[a-z0-9-]{1,40}\.(?:m3u8|mp4|jpg|vtt))\Z",
        serve_live_stream,
        name="live_stream",
    ),
    re_path(
        r"^media/t/(?P<expires>[0-9]{1,12})-(?P<viewer>[0-9a-f]{16})/(?P<signature>[A-Za-z0-9_-]{22})/"
        r"(?P<path>[0-9a-f]{32}/[0-9]{1,9})\Z",
        count_watching,
        name="telemetry",
    ),
    re_path(r"^media/[blv]/", refuse_stream, name="no_stream"),
]

# Below the language, unlike the streams.
upload_patterns = [
    path("", uploads_page, name="page"),
    path("state", uploads_state, name="state"),
    path("<uuid:public_id>/keep", keep, name="keep"),
    path("<uuid:public_id>/drop", drop, name="drop"),
]
