"""The ministry gives the site its name, its logo and its colors; all of it shows them."""

from email.header import decode_header, make_header
from io import BytesIO

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image as Picture
from wagtail.images.models import Image
from wagtail.models import Collection, Site

from accounts.enums import MembershipScope, RoleName
from accounts.models import User, VisualIdentity
from accounts.services.logins import create_login
from tests.factories.accounts import GovernorateFactory, MembershipFactory
from tests.factories.pages import root_page

pytestmark = [
    pytest.mark.django_db,
    # Wagtail leaves the file of a rendition that it draws to the garbage collector.
    pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture
def site() -> Site:
    found, _ = Site.objects.get_or_create(
        is_default_site=True, defaults={"hostname": "localhost", "root_page": root_page()}
    )
    return found


def member(role: RoleName, **place) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(MembershipFactory(role=role, **place).user)
    return client


@pytest.fixture
def officer() -> Client:
    return member(RoleName.MINISTRY_OFFICER, scope=MembershipScope.MINISTRY, center=None)


def address(site: Site) -> str:
    return reverse("wagtailsettings:edit", args=["accounts", "visualidentity", site.pk])


def facts(**changes) -> dict[str, object]:
    return {
        "name_ar": "منصة التدريب",
        "name_en": "Training",
        "authority_ar": "وزارة العمل",
        "authority_en": "Ministry of Labor",
        "accent": "#0d655c",
        "signal": "#f2b632",
        "logo": "",
        **changes,
    }


def png(width: int, height: int) -> bytes:
    drawn = BytesIO()
    Picture.new("RGB", (width, height), "green").save(drawn, "PNG")
    return drawn.getvalue()


def logo_of(width: int, height: int) -> Image:
    file = SimpleUploadedFile("logo.png", png(width, height), "image/png")
    return Image.objects.create(title="شعار", file=file, collection=Collection.get_first_root_node())


def upload(client: Client, name: str, content: bytes) -> object:
    file = SimpleUploadedFile(name, content)
    data = {
        "image-chooser-upload-title": "شعار",
        "image-chooser-upload-file": file,
        "image-chooser-upload-collection": Collection.get_first_root_node().pk,
    }
    return client.post(reverse("wagtailimages_chooser:create"), data)


def test_officers_of_the_ministry_set_it_and_find_it_in_their_menu(site: Site, officer: Client):
    menu = officer.get(reverse("wagtailadmin_home"), follow=True).content.decode()
    answer = officer.post(address(site), facts())

    assert reverse("wagtailsettings:edit", args=["accounts", "visualidentity"]) in menu
    assert answer.status_code == 302
    assert VisualIdentity.for_site(site).name_ar == "منصة التدريب"


@pytest.mark.parametrize(
    ("role", "place"),
    [
        (RoleName.CENTER_MANAGER, {}),
        (RoleName.CERTIFYING_OFFICER, {"scope": MembershipScope.MINISTRY, "center": None}),
        (RoleName.AUDITOR, {"scope": MembershipScope.MINISTRY, "center": None}),
        (RoleName.MINISTRY_OFFICER, {"scope": MembershipScope.GOVERNORATE, "center": None}),
    ],
)
def test_other_staff_do_not(site: Site, role: RoleName, place: dict):
    if place.get("scope") == MembershipScope.GOVERNORATE:
        place = {**place, "governorate": GovernorateFactory()}
    client = member(role, **place)

    menu = client.get(reverse("wagtailadmin_home"), follow=True).content.decode()
    client.post(address(site), facts())

    assert "visualidentity" not in menu
    assert VisualIdentity.for_site(site).name_ar == "مهنة"


def test_the_name_and_the_logo_are_on_pages_in_the_workplace_and_in_mails(site: Site, officer: Client):
    logo = logo_of(200, 100)

    officer.post(address(site), facts(logo=logo.pk))

    page = Client(headers={"host": "localhost"}).get("/ar/accounts/login/").text
    workplace = officer.get(reverse("wagtailadmin_home")).text
    for text in (page, workplace):
        assert "منصة التدريب" in text
        assert logo.filename.removesuffix(".png") in text
    create_login(email="mona@example.org", password="anvil-and-lathe-7", by=None)
    Client(headers={"host": "localhost"}).post(
        reverse("account_reset_password"), {"email": "mona@example.org"}
    )
    assert "منصة التدريب" in str(make_header(decode_header(mail.outbox[0].from_email)))
    assert "منصة التدريب" in mail.outbox[0].body


@pytest.mark.parametrize(("width", "height"), [(1, 1), (600, 20)])
def test_a_logo_too_small_to_be_seen_is_refused_in_words(
    site: Site, officer: Client, width: int, height: int
):
    answer = officer.post(address(site), facts(logo=logo_of(width, height).pk))

    assert answer.context["form"].errors.keys() == {"logo"}
    identity = VisualIdentity.for_site(site)
    assert (identity.logo, identity.name_ar) == (None, "مهنة")


# A header that announces 10,000 x 10,000 pixels, and nothing behind it.
HUGE = png(1, 1)[:16] + (10_000).to_bytes(4, "big") * 2 + png(1, 1)[24:]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("logo.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
        ("logo.png", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
        ("logo.png", png(200, 100)[:100]),
        ("logo.png", HUGE),
    ],
    ids=["svg", "svg named png", "corrupt", "100 megapixels"],
)
def test_no_picture_that_is_none_becomes_a_logo(officer: Client, name: str, content: bytes):
    answer = upload(officer, name, content)

    assert answer.status_code == 200
    assert not Image.objects.exists()
    said = answer.json()
    assert said["step"] == "reshow_creation_form"
    assert "error-message" in said["htmlFragment"]


@pytest.mark.usefixtures("references_kept")
@pytest.mark.parametrize("used_as", ["logo", "emblem"])
def test_a_picture_in_use_cannot_be_deleted_and_the_page_explains_it(
    site: Site, superuser: User, used_as: str
):
    image = logo_of(200, 200)
    identity, _ = VisualIdentity.objects.update_or_create(site=site, defaults={used_as: image})
    client = Client(headers={"host": "localhost"})
    client.force_login(superuser)
    address = reverse("wagtailimages:delete", args=[image.pk])

    asked = client.get(address)
    client.post(address)

    assert asked.context["is_protected"]
    assert Image.objects.filter(pk=image.pk).exists()
    setattr(identity, used_as, None)
    identity.save()
    client.post(address)
    assert not Image.objects.filter(pk=image.pk).exists()
