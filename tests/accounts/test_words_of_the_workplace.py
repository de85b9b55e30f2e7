"""The workplace speaks as a person does: one form for each number, no article before what is new, capitals in English."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext, ngettext, override
from wagtail.admin.forms import WagtailAdminModelForm

from accounts.enums import RoleName
from accounts.scoping.audit import PAGES
from accounts.scoping.views import without_article
from tests.factories.accounts import CenterFactory, MembershipFactory, PersonFactory

pytestmark = pytest.mark.django_db

# What Wagtail says word for word, or wrongly, in its own Arabic.
WORDS = {
    "Inspect": "عرض",
    "View live": "عرض الصفحة المنشورة",
    "Root": "الجذر",
    "Snippets": "قوالب الشهادات",
    "Autosave is <span>paused</span>": "الحفظ التلقائي <span>متوقف مؤقتًا</span>",
    "True": "نعم",
    "False": "لا",
    "Live classes": "الحصص المباشرة",
}


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


def test_a_list_says_its_total_and_offers_to_add_one(manager: Client):
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
