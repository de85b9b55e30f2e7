"""Middleware, error pages and small views of the site."""

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.models import User
from lms.middleware import GZipPagesMiddleware


def encoding_of(response: HttpResponseBase) -> str:
    request = RequestFactory().get("/", headers={"accept-encoding": "gzip"})

    def answer(_request: HttpRequest) -> HttpResponseBase:
        return response

    return GZipPagesMiddleware(answer)(request).headers.get("Content-Encoding", "")


def test_pages_are_compressed_and_streams_are_not():
    page = HttpResponse("مرحبًا " * 200)
    stream = FileResponse(iter([b"0" * 1000]), content_type="video/mp4")
    playlist = HttpResponse("#EXTM3U\n" * 200, content_type="application/vnd.apple.mpegurl")

    assert encoding_of(page) == encoding_of(playlist) == "gzip"
    assert encoding_of(stream) == ""


def test_only_the_staff_workplace_may_run_inline_scripts(client: Client, superuser: User):
    client.force_login(superuser)

    admin = client.get(reverse("person:index"))["Content-Security-Policy"]
    public = client.get("/ar/verify/")["Content-Security-Policy"]

    assert "'unsafe-inline'" in admin
    assert "'unsafe-inline'" not in public


def test_pages_of_a_logged_in_user_are_not_for_shared_caches(client: Client, superuser: User):
    client.force_login(superuser)

    pages = [
        client.get(address)
        for address in ("/ar/learning/", "/ar/certificates/", "/ar/accounts/password/change/")
    ]

    assert all("private" in page["Cache-Control"] or "no-store" in page["Cache-Control"] for page in pages)


def test_the_browser_clears_its_cache_at_logout(client: Client, superuser: User):
    client.force_login(superuser)

    answer = client.post(reverse("account_logout"))

    assert answer["Clear-Site-Data"] == '"cache"'


def test_pages_ask_a_device_for_camera_and_microphone_and_nothing_else(client: Client, db: None):
    policy = client.get("/ar/accounts/login/")["Permissions-Policy"]

    assert "web-share" not in policy
    assert {"camera=(self)", "microphone=(self)", "geolocation=()", "usb=()"} <= set(policy.split(", "))
