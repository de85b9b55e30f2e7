"""The photo of a person: written by this site, small, private, and gone when it is removed."""

import base64
import io
import json
import os
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.enums import RoleName
from accounts.models import AuditEntry, Center, Person, PersonPhoto, User
from accounts.models.photos import LARGEST_PICTURE, LARGEST_THUMBNAIL
from accounts.services.erasures import erase_person
from accounts.services.personal_data import personal_data
from accounts.services.photos import MOST_BYTES, NotAPhoto, PhotoTooLarge, add_photo
from tests.factories.accounts import MembershipFactory, PersonFactory, TraineeFactory, UserFactory

pytestmark = pytest.mark.django_db
PAGE, FILE = "/ar/accounts/photo/", "/ar/accounts/photo/file/"
SECRET = b"30.0444 N 31.2357 E"


@pytest.fixture
def trainee(center: Center) -> User:
    return TraineeFactory(person=PersonFactory(registered_at=center))


@pytest.fixture
def trainee_client(client: Client, trainee: User) -> Client:
    client.force_login(trainee)
    return client


def drawn(kind: str = "JPEG", size: tuple[int, int] = (1200, 900), mode: str = "RGB") -> bytes:
    """The left half is red. A JPEG lies on its side, as a phone writes it, and says where it was taken."""
    picture = Image.new(mode, size, (200, 200, 200, 0)[: len(mode)])
    picture.paste((255, 0, 0, 255)[: len(mode)], (0, 0, size[0] // 2, size[1]))
    file, facts = io.BytesIO(), {}
    if kind == "JPEG":
        exif = Image.Exif()
        exif[0x0112] = 6
        exif[0x010E] = SECRET.decode()
        facts = {"exif": exif, "comment": SECRET}
    picture.save(file, kind, **facts)
    return file.getvalue()


def kept(trainee: User, content: bytes) -> PersonPhoto:
    return add_photo(person_id=trainee.person_id, file=io.BytesIO(content), by=trainee)


def bomb() -> bytes:
    """Some kilobytes that say they are 400 million dots."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4) + name + data + zlib.crc32(name + data).to_bytes(4)

    head = (20_000).to_bytes(4) * 2 + bytes([8, 2, 0, 0, 0])
    rows = zlib.compress(bytes(1_000_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("kind", "mode"), [("JPEG", "RGB"), ("PNG", "RGBA"), ("WEBP", "RGB")])
def test_a_picture_is_written_anew_without_what_the_camera_noted(trainee: User, kind: str, mode: str):
    photo = kept(trainee, drawn(kind, mode=mode))

    for content, most in ((photo.picture, LARGEST_PICTURE), (photo.thumbnail, LARGEST_THUMBNAIL)):
        assert len(content) <= most
        assert SECRET not in content
        picture = Image.open(io.BytesIO(content))
        assert (picture.format, dict(picture.getexif())) == ("JPEG", {})
    whole = Image.open(io.BytesIO(photo.picture))
    assert whole.size == ((360, 480) if kind == "JPEG" else (480, 360))
    # Turned to the right: what was on the left is at the top.
    red, _green, blue = whole.getpixel((whole.width - 20, 20) if kind == "JPEG" else (20, whole.height - 20))
    assert (red > 200, blue < 60) == (True, True)


def test_even_noise_is_small(trainee: User):
    noise = io.BytesIO()
    Image.frombytes("RGB", (700, 700), os.urandom(700 * 700 * 3)).save(noise, "JPEG", quality=90)

    photo = kept(trainee, noise.getvalue())

    assert len(photo.picture) <= LARGEST_PICTURE


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", NotAPhoto),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", NotAPhoto),
        (b"<html><script>alert(1)</script>", NotAPhoto),
        (drawn()[:3000], NotAPhoto),
        (drawn("GIF"), NotAPhoto),
        (bomb(), PhotoTooLarge),
        (drawn() + bytes(MOST_BYTES), PhotoTooLarge),
    ],
    ids=["nothing", "svg", "html", "cut off", "gif", "bomb", "too many bytes"],
)
def test_what_is_no_small_picture_is_refused_and_the_photo_before_stays(
    trainee: User, content: bytes, refusal: type[Exception]
):
    before = kept(trainee, drawn("PNG"))

    with pytest.raises(refusal):
        kept(trainee, content)

    assert PersonPhoto.objects.get().digest == before.digest


def test_a_person_adds_replaces_and_removes_the_photo_on_the_page(trainee_client: Client, trainee: User):
    for kind in ("PNG", "JPEG"):
        trainee_client.post(PAGE, {"file": SimpleUploadedFile("ميم.jpg", drawn(kind))})
    shown = trainee_client.get(PAGE).content.decode()
    refused = trainee_client.post(PAGE, {"file": SimpleUploadedFile("a.jpg", b"x")}).content.decode()
    answer = trainee_client.get(FILE)
    again = trainee_client.get(FILE, headers={"If-None-Match": answer["ETag"]})

    assert FILE in shown
    assert "ليست صورة" in refused
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert "private" in answer["Cache-Control"]
    assert again.status_code == 304
    trainee_client.post(reverse("account_remove_photo"))
    assert trainee_client.get(FILE).status_code == 404
    actions = AuditEntry.objects.filter(action__startswith="accounts.photo").values_list("action", flat=True)
    assert sorted(actions) == ["accounts.photo.add", "accounts.photo.add", "accounts.photo.remove"]


def test_staff_of_the_center_see_it_and_no_one_else(
    trainee: User, manager_client: Client, client: Client, other_center: Center
):
    photo = kept(trainee, drawn())
    address = reverse("person:photo", args=[trainee.person_id])
    outsiders = [TraineeFactory(), MembershipFactory(role=RoleName.CENTER_MANAGER, center=other_center).user]

    assert address in manager_client.get(reverse("person:inspect", args=[trainee.person_id])).content.decode()
    assert manager_client.get(address).content == photo.picture
    assert manager_client.get(f"{address}?small").content == photo.thumbnail
    assert client.get(address).status_code != 200
    assert client.get(FILE).status_code == 302
    for outsider in outsiders:
        client.force_login(outsider)
        assert client.get(address).status_code != 200
        assert client.get(FILE).status_code == 404


def test_staff_remove_a_photo_that_is_none_of_a_person(trainee: User, manager_client: Client):
    kept(trainee, drawn())

    manager_client.post(reverse("person:remove_photo", args=[trainee.person_id]))

    assert not PersonPhoto.objects.exists()
    assert AuditEntry.objects.filter(action="accounts.photo.remove", person=trainee.person).exists()


def test_the_file_of_ones_data_has_it_and_erasure_takes_it(trainee: User):
    photo = kept(trainee, drawn())
    [row] = json.loads("".join(personal_data(Person.objects.get(pk=trainee.person_id))))["photo"]

    erase_person(person_id=trainee.person_id, reason="طلب المحو", by=None)

    assert base64.b64decode(row["jpeg"]) == photo.picture
    assert not PersonPhoto.objects.exists()


def test_a_login_without_a_person_has_no_photo(client: Client):
    client.force_login(UserFactory())

    for answer in (client.get(PAGE), client.get(FILE), client.post(reverse("account_remove_photo"))):
        assert answer.status_code == 404
