"""Malformed requests get a page with a message, never an error 500."""

import base64
import contextlib
import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.test import Client, RequestFactory
from django.urls import get_resolver, reverse
from PIL import Image as Picture
from pytest_django.fixtures import Settings
from wagtail.images import get_image_model
from wagtail.models import Page

from accounts.models import User
from lms.views import picture
from media_pipeline.uploading.protocol import ProtocolError, parse_metadata
from tests.factories.accounts import CenterFactory
from tests.factories.courses import LessonPageFactory
from tests.factories.media_pipeline import caption_track


@pytest.fixture
def staff(superuser: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(superuser)
    return client


def choosers() -> list[str]:
    """The name spaces of all choosers, Wagtail's own among them."""
    found = set()

    def walk(resolver, space: str) -> None:
        for pattern in resolver.url_patterns:
            if hasattr(pattern, "url_patterns"):
                inner = (
                    f"{space}:{pattern.namespace}"
                    if space and pattern.namespace
                    else pattern.namespace or space
                )
                walk(pattern, inner or "")
            elif pattern.name in {"chosen", "chosen_multiple"}:
                found.add(space)

    walk(get_resolver(), "")
    return sorted(found)


@pytest.mark.parametrize("key", ["abc", "9" * 30, "%00", "1%20", "٣"])
@pytest.mark.parametrize("space", choosers())
def test_what_is_hardly_a_key_is_looked_for_without_a_fault(staff: Client, space: str, key: str):
    chosen = reverse(f"{space}:chosen", args=["KEY"]) if space != "wagtailusers_users" else ""

    one = staff.get(chosen.replace("KEY", key))
    several = staff.get(f"{reverse(f'{space}:chosen_multiple')}?id=1&id={key}")

    # Some of them are numbers all the same, of nothing.
    assert {one.status_code, several.status_code} <= {200, 404}


@pytest.mark.parametrize(
    "address",
    [
        "/admin/skilllevel/edit/%00/",
        "/admin/person/inspect/abc/",
        "/ar/%00/",
        "/files/" + "a" * 5000,
        "/files/images/" + "a" * 5000,
        "/files/images/../../secrets.json",
        "/files/images/%00.png",
        "/ar/" + "a" * 4096,
        "/admin/snippets/accounts/center/" + "history/a/revisions/compare/" * 500,
    ],
)
def test_an_address_of_nothing_is_not_found(staff: Client, address: str):
    assert staff.get(address).status_code == 404


@pytest.mark.parametrize("query", ["q=%00", "%00=1", "q=a%00b&p=2"])
def test_what_no_text_contains_is_left_out_of_a_query(staff: Client, query: str):
    for address in ("/admin/person/", "/ar/verify/"):
        assert staff.get(f"{address}?{query}").status_code == 200


def test_documents_are_at_no_public_address(rf: RequestFactory, db: None, settings: Settings):
    for name in ("images/cut.png", "documents/members.pdf"):
        file = Path(settings.MEDIA_ROOT) / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"content")

    with contextlib.closing(picture(rf.get("/"), "images/cut.png")) as shown:
        assert b"".join(shown) == b"content"
    with pytest.raises(Http404):
        picture(rf.get("/"), "documents/members.pdf")


def test_half_a_form_of_a_page_is_refused(staff: Client, db: None):
    lesson = LessonPageFactory()

    answer = staff.post(reverse("wagtailadmin_pages:edit", args=[lesson.pk]), {"title": "Half"})

    assert answer.status_code == 400
    lesson.refresh_from_db()
    assert lesson.title != "Half"


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("wagtailadmin_choose_page_external_link", {}),
        ("wagtailsnippets_certificates_certificatetemplate:add", {"name": "x", "body-count": "x"}),
        ("wagtailsnippets_certificates_certificatetemplate:add", {"name": "x", "body-count": "-1"}),
        ("wagtailsnippets_certificates_certificatetemplate:add", {"name": "x", "body-count": "9" * 30}),
    ],
)
def test_half_a_form_of_the_workplace_is_refused(staff: Client, name: str, form: dict[str, str]):
    assert staff.post(reverse(name), form).status_code == 400


@pytest.mark.parametrize(
    "address",
    [
        "/admin/api/main/pages/find/?id=²",
        "/admin/api/main/images/find/?id=",
        "/admin/choose-page/chosen-multiple/?id=²",
    ],
)
def test_what_is_no_key_is_no_key_of_an_interface_either(staff: Client, address: str):
    assert staff.get(address).status_code == 404


def test_the_root_of_all_pages_is_neither_moved_nor_locked(staff: Client):
    root = Page.get_first_root_node()
    child = root.get_children().first() or root.add_child(title="Child", slug="child")

    for name, arguments in {
        "move_confirm": [root.pk, child.pk],
        "set_page_position": [root.pk],
        "lock": [root.pk],
        "unlock": [root.pk],
    }.items():
        assert staff.post(reverse(f"wagtailadmin_pages:{name}", args=arguments)).status_code == 404, name

    root.refresh_from_db()
    assert not root.locked
    assert staff.post(reverse("wagtailadmin_pages:lock", args=[child.pk])).status_code == 302


def test_users_are_not_changed_in_bulk_by_pages_that_know_no_center(staff: Client, superuser: User):
    for act in ("delete", "assign_role", "set_active_state"):
        address = reverse("wagtail_bulk_action", args=["accounts", "user", act])

        assert staff.get(f"{address}?id={superuser.pk}").status_code == 404
        assert staff.post(f"{address}?id={superuser.pk}").status_code == 404


def drawn(width: int, height: int, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Picture.new("1", (width, height)).save(out, kind)
    return out.getvalue()


def cut_picture(kind: str) -> bytes:
    out = io.BytesIO()
    Picture.effect_noise((200, 200), 50).save(out, kind)
    return out.getvalue()[:5000]


def upload(staff: Client, content: bytes, name: str) -> int:
    answer = staff.post(
        reverse("wagtailimages:add"),
        {"title": "Cut", "file": SimpleUploadedFile(name, content), "collection": 1},
    )
    assert answer.status_code == 200, "a picture that cannot be used comes back with its form"
    assert answer.context["form"].errors["file"]
    return get_image_model().objects.count()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (drawn(6000, 6000), "large.png"),
        (cut_picture("PNG"), "cut.png"),
        (cut_picture("GIF"), "cut.gif"),
        (drawn(400, 400, "TIFF"), "kind.tiff"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "nothing.png"),
        (b"", "empty.png"),
    ],
    ids=["too large", "cut PNG", "cut GIF", "TIFF", "no picture", "empty"],
)
def test_a_picture_that_cannot_be_used_is_refused_before_it_is_kept(staff: Client, content: bytes, name: str):
    assert upload(staff, content, name) == 0


def test_a_mark_of_an_upload_that_is_no_text_is_refused():
    metadata = "fingerprint " + base64.b64encode(b"a\x00b").decode()

    with pytest.raises(ProtocolError):
        parse_metadata(metadata)


def test_the_page_that_would_send_a_code_to_a_number_is_missing(client: Client, superuser: User):
    client.force_login(superuser)

    for answer in (client.get("/ar/accounts/phone/change/"), client.post("/ar/accounts/phone/change/")):
        assert answer.status_code == 404


def test_a_form_with_files_where_json_is_wanted_is_a_bad_request(client: Client, superuser: User):
    client.force_login(superuser)
    track = caption_track(CenterFactory())

    answer = client.post(reverse("captions:autosave", args=[track.pk]), {"text": "WEBVTT"})

    assert answer.status_code == 400
