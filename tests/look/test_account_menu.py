"""The head of every page: who is logged in, and the one menu of their login."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from lms.templatetags.mihna import first_name
from tests.factories.accounts import TraineeFactory


@pytest.fixture
def trainee_client(db: None) -> Client:
    client = Client()
    client.force_login(TraineeFactory(display_name="عبد الرحمن محمود السيد"))
    return client


def header_of(client: Client, address: str) -> str:
    return client.get(address).content.decode().partition("<body")[2].partition("</header>")[0]


@pytest.mark.parametrize(
    "address", ["/ar/learning/", "/ar/verify/", "/ar/certificates/", "/ar/accounts/security/"]
)
def test_a_member_finds_everything_of_the_own_login_in_one_menu(trainee_client: Client, address: str):
    head = header_of(trainee_client, address)

    menu = re.findall(r"<details.*?</details>", head, re.DOTALL)
    assert len(menu) == 1
    assert re.search(r"<summary.*?عبد الرحمن.*?</summary>", menu[0], re.DOTALL)
    with override("ar"):
        places = (
            "courses:my_learning",
            "certificates:mine",
            "certificates:verify",
            "mfa_index",
            "account_sessions",
            "account_logout",
        )
        assert all(f'href="{reverse(place)}"' in menu[0] for place in places)
    assert 'hreflang="en"' in menu[0]
    assert head.count("hreflang") == 1
    assert head.count(reverse("account_logout")) == 1


def test_a_guest_is_offered_the_login_and_no_menu(client: Client, db: None):
    head = header_of(client, "/ar/verify/")

    assert "/accounts/login/" in head
    assert "<details" not in head
    assert 'hreflang="en"' in head


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("سيد محمود علي", "سيد"),
        ("عبد الرحمن محمود", "عبد الرحمن"),
        ("أبو بكر علي", "أبو بكر"),
        ("د. هالة فوزي", "هالة"),
        ("م. عبد الله علي", "عبد الله"),
        ("د.", "د."),
        ("+201012345678", "+201012345678"),
        ("", ""),
    ],
)
def test_the_first_name_of_two_words_is_not_cut(name: str, first: str):
    assert first_name(name) == first
