"""The wording of the workplace: plural forms, no article before new rows, capitals in English."""

import re
from pathlib import Path

import polib
import pytest
import wagtail
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext, ngettext, override
from wagtail.admin.forms import WagtailAdminModelForm

from accounts.enums import RoleName
from accounts.models import User
from accounts.scoping.audit import PAGES
from accounts.scoping.views import without_article
from tests.factories.accounts import CenterFactory, MembershipFactory, PersonFactory

pytestmark = pytest.mark.django_db

# What Wagtail says word for word, or wrongly, in its own Arabic.
WORDS = {
    "Inspect": "عرض",
    "Dashboard": "الرئيسية",
    "Editing": "تعديل",
    "Created": "أُنشئ",
    "Reports": "التقارير",
    "%(delta)s ago": "منذ %(delta)s",
    "View live": "عرض الصفحة المنشورة",
    "Root": "الجذر",
    "Snippets": "قوالب الشهادات",
    "Autosave is <span>paused</span>": "الحفظ التلقائي <span>متوقف مؤقتًا</span>",
    "True": "نعم",
    "False": "لا",
    "Live classes": "الحصص المباشرة",
    "Settings": "الإعدادات",
    "Shortcuts": "الاختصارات",
    "last login": "آخر دخول",
    "The setting could not be saved due to errors.": "تعذّر حفظ الإعدادات. صحّح الأخطاء المبيّنة.",
    "Go to Wagtail admin": "العودة إلى صفحات العمل",
    "lost password": "طلب كلمة مرور جديدة",
    "You must type the same password each time.": "كلمتا المرور غير متطابقتين.",
}


# Apps of Wagtail that this site does not use.
UNUSED = {"search_promotions", "styleguide", "forms", "redirects", "frontend_cache", "routable_page"}
NEVER_MET = {"Wagtail API v3"}


@pytest.fixture
def manager() -> Client:
    center = CenterFactory()
    client = Client()
    client.force_login(MembershipFactory(role=RoleName.CENTER_MANAGER, center=center).user)
    for _ in range(3):
        PersonFactory(registered_at=center)
    return client


@pytest.mark.parametrize(("english", "arabic"), WORDS.items())
def test_words_that_wagtail_translates_badly_are_ours(english: str, arabic: str):
    with override("ar"):
        assert gettext(english) == arabic


@pytest.mark.parametrize(
    ("number", "arabic"),
    [(0, "لا توجد نتائج"), (1, "نتيجة واحدة"), (2, "نتيجتان"), (5, "5 نتائج"), (21, "21 نتيجة")],
)
def test_what_was_found_is_counted_in_the_form_of_its_number(number: int, arabic: str):
    with override("ar"):
        text = ngettext("There is %(counter)s match", "There are %(counter)s matches", number)

    assert text % {"counter": number} == arabic


@pytest.mark.parametrize(
    ("number", "found", "used"),
    [
        (0, "لا توجد صفحات مطابقة", "لم يُستخدم بعد"),
        (2, "توجد صفحتان مطابقتان", "استُخدم مرتين"),
        (21, "توجد 21 صفحة مطابقة", "استُخدم 21 مرة"),
    ],
)
def test_pages_and_uses_are_counted_in_the_form_of_their_number(number: int, found: str, used: str):
    with override("ar"):
        pages = ngettext("There is one matching page", "There are %(counter)s matching pages", number)
        uses = ngettext("Used %(usage_count)s time", "Used %(usage_count)s times", number)

    assert (pages % {"counter": number}, uses % {"usage_count": number}) == (found, used)


@pytest.mark.parametrize(
    ("number", "arabic"), [(0, "غير مستخدم في أي مكان"), (2, "مستخدم في موضعين"), (21, "مستخدم في 21 موضعًا")]
)
def test_where_a_picture_is_used_is_counted_in_the_form_of_its_number(number: int, arabic: str):
    with override("ar"):
        text = ngettext(
            "This %(model_name)s is referenced %(usage_count)s time.",
            "This %(model_name)s is referenced %(usage_count)s times.",
            number,
        )

    assert text % {"usage_count": number, "model_name": "صورة"} == arabic


def test_what_wagtail_has_in_english_on_the_pages_of_the_workplace_has_an_arabic_of_ours():
    """Those that a release adds come up here: they go into `lms/library_texts.py`, or below, where a user never sees them."""
    left = []
    with override("ar"):
        for catalog in (Path(wagtail.__file__).parent).glob("**/locale/en/LC_MESSAGES/django.po"):
            if set(catalog.parts) & UNUSED:
                continue
            arabic = catalog.parents[2] / "ar" / "LC_MESSAGES" / "django.po"
            known = {entry.msgid: entry for entry in polib.pofile(str(arabic))} if arabic.exists() else {}
            left += [
                entry.msgid
                for entry in polib.pofile(str(catalog))
                if not entry.obsolete
                and not ((found := known.get(entry.msgid)) and found.translated())
                and (entry.msgctxt or gettext(entry.msgid) == entry.msgid)
                and entry.msgid not in NEVER_MET
            ]

    assert left == []


def test_active_logins_are_shown_as_text(manager: Client, superuser: User):
    manager.force_login(superuser)

    page = BeautifulSoup(manager.get(reverse("user:index")).content, "html.parser")

    assert {icon.get_text(strip=True) for icon in page.select("td svg + span, td svg title")} <= {"نعم", "لا"}
    assert not page.find_all(string=re.compile("True|False"))


def test_people_to_choose_from_have_a_name_and_enrollments_a_center(manager: Client):
    people = BeautifulSoup(manager.get(reverse("person_chooser:choose_results")).content, "html.parser")
    enrollments = BeautifulSoup(manager.get(reverse("enrollment:index")).content, "html.parser")

    assert [head.get_text(strip=True) for head in people.select("th")] == [
        "الاسم",
        "سنة الميلاد",
        "المركز",
    ]
    assert "المجموعة المركز" not in enrollments.get_text(" ", strip=True)


def test_a_person_is_greeted_by_name(client: Client):
    user = MembershipFactory(role=RoleName.CENTER_MANAGER, user__display_name="م. سامي فؤاد").user
    user.set_password("mihna-demo-1")
    user.save()

    page = client.post(
        "/ar/accounts/login/", {"login": user.username, "password": "mihna-demo-1"}, follow=True
    )

    assert "أهلًا م. سامي فؤاد" in page.content.decode()


def test_a_list_shows_its_total_and_a_button_to_add(manager: Client):
    page = manager.get(reverse("person:index")).content.decode()

    assert "الإجمالي: 3" in page
    assert "إضافة شخص" in page
    assert "إضافة الشخص" not in page


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("الشخص", "شخص"),
        ("الحصة المباشرة", "حصة مباشرة"),
        ("نوع الشهادة", "نوع الشهادة"),
        ("person", "person"),
    ],
)
def test_the_article_goes_from_names_of_one_thing(name: str, bare: str):
    assert without_article(name) == bare


def test_labels_of_forms_begin_with_a_capital():
    user, lower = MembershipFactory(role=RoleName.CENTER_MANAGER).user, []
    with override("en"):
        for viewset in PAGES.values():
            form_class = viewset.get_form_class() if "add" in viewset.acts else None
            if form_class is None:
                continue
            # A form of panels is made for a user, and so are those that say so.
            for_user = {"for_user": user} if issubclass(form_class, WagtailAdminModelForm) else {}
            form = form_class(**for_user)
            viewset.fence_form(form, user=user, act=viewset.acts["add"])
            lower += [
                str(field.label) for field in form.fields.values() if str(field.label or "A")[0].islower()
            ]

    assert PAGES
    assert lower == []
