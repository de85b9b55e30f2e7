"""Trainees who sign up by themselves, with a phone number and no e-mail."""

from django.urls import reverse
from django.utils import translation

from accounts.models import User
from lms.demo.browser import Browser, StepFailedError
from lms.demo.people import PASSWORD


def address(name: str, *args: object) -> str:
    """The Arabic address of a page of the site."""
    with translation.override("ar"):
        return reverse(name, args=args)


def sign_up(browser: Browser, name: str) -> User:
    """Sign up under a number that no one has yet; the browser is logged in afterwards."""
    number = User.objects.filter(phone__startswith="+2010900").count() + 1
    phone = f"010900{number:05}"
    browser.get(address("account_signup"))
    page = browser.post(
        address("account_signup"),
        {
            "full_name_ar": name,
            "birth_date": "25/3/1998",
            "phone": phone,
            "password1": PASSWORD,
            "password2": PASSWORD,
            "consent": "on",
        },
    )
    user = User.objects.filter(phone=f"+2{phone}").select_related("person").first()
    if user is None:
        raise StepFailedError(f"the sign-up of {phone} was refused: {page.main_text()}")
    return user
