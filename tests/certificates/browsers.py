"""Browsers of staff, for tests of the workplace."""

from django.test import Client
from django.urls import reverse

from accounts.models import User

_PASSWORD = "a long password of the officer"


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def confirmed(user: User) -> Client:
    """A browser whose user has just typed the password."""
    user.set_password(_PASSWORD)
    user.save()
    client = logged_in(user)
    client.post(reverse("account_reauthenticate"), {"password": _PASSWORD})
    return client
