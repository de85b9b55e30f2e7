"""Signing up: which names are taken, and to which text a person agreed."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from accounts.models import Consent, Person, User

TYPED = {
    "full_name_ar": "سيد محمود عبد الحميد",
    "birth_date": "٢٥/٣/١٩٩٨",
    "phone": "٠١٠ ١٢٣٤ ٥٦٧٨",
    "password1": "forty-two-oranges",
    "password2": "forty-two-oranges",
    "consent": "on",
}


@pytest.fixture(autouse=True)
def in_arabic(db: None):
    with override("ar"):
        yield


def sign_up(client: Client, **typed: str) -> object:
    return client.post(reverse("account_signup"), {**TYPED, **typed})


def test_three_names_and_a_phone_in_arabic_digits_are_enough(client: Client):
    sign_up(client)

    assert User.objects.get().phone == "+201012345678"
    assert Person.objects.get().full_name_ar == TYPED["full_name_ar"]
    assert Consent.objects.get().purpose == "privacy"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("علي", "ثلاثة أسماء على الأقل"),
        ("محمد أحمد", "ثلاثة أسماء على الأقل"),
        # "Servant of the Merciful" is one name of two words.
        ("عبد الرحمن محمد", "ثلاثة أسماء على الأقل"),
        ("س", "أسماء كاملة لا حروفًا"),
        ("س م ع", "أسماء كاملة لا حروفًا"),
        ("Sayed Mahmoud Ali", "بالحروف العربية"),
        ("سيد محمود Ali", "بالحروف العربية"),
        ("سيد محمود ٣", "بلا أرقام"),
        ("سيد محمود 3", "بلا أرقام"),
        ("سيد محمود علي!", "بلا أرقام"),
        ("سيد محمود " + "ع" * 200, "أطول من ١٦٠ حرفًا"),
    ],
)
def test_a_name_that_is_none_is_answered_with_what_to_do(client: Client, name: str, sentence: str):
    page = sign_up(client, full_name_ar=name)

    assert sentence in page.content.decode()
    assert not User.objects.exists()


def test_a_short_name_is_accepted_when_its_holder_confirms_that_the_document_has_it(client: Client):
    asked = sign_up(client, full_name_ar="محمد أحمد")
    sign_up(client, full_name_ar="محمد أحمد", name_is_exact="on")

    assert 'name="name_is_exact"' in asked.content.decode()
    assert Person.objects.get().full_name_ar == "محمد أحمد"


def test_one_letter_is_no_name_whatever_is_ticked(client: Client):
    sign_up(client, full_name_ar="س", name_is_exact="on")

    assert not User.objects.exists()


def test_the_question_about_a_short_name_is_not_asked_before(client: Client):
    assert "name_is_exact" not in client.get(reverse("account_signup")).content.decode()


@pytest.mark.parametrize("name", ["سَيِّد محمود عبد الحميد", "أبو بكر علي-الدين حسن", "آية محمد  مصطفى الشافعي"])
def test_marks_and_hyphens_are_part_of_names(client: Client, name: str):
    sign_up(client, full_name_ar=name)

    assert Person.objects.count() == 1


@pytest.mark.parametrize("password", ["01012345678", "سيد محمود"])
def test_a_password_like_the_phone_or_the_name_is_an_error_of_its_field(client: Client, password: str):
    page = sign_up(client, password1=password, password2=password)

    assert page.context["form"].errors.keys() == {"password1"}
    assert TYPED["full_name_ar"] in page.content.decode()


def test_the_account_is_said_to_be_made_and_a_later_login_is_not(client: Client):
    sign_up(client)
    made = client.get(reverse("courses:my_learning")).content.decode()
    client.logout()
    client.post(reverse("account_login"), {"login": TYPED["phone"], "password": TYPED["password1"]})
    back = client.get(reverse("courses:my_learning")).content.decode()

    assert "أُنشئ حسابك" in made
    assert "أُنشئ حسابك" not in back


def test_the_hint_asks_for_as_many_names_as_the_refusal(client: Client):
    hint = client.get(reverse("account_signup")).content.decode()
    refused = sign_up(client, full_name_ar="محمد أحمد").content.decode()

    assert "ثلاثة أسماء على الأقل" in hint
    assert "ثلاثة أسماء على الأقل" in refused
