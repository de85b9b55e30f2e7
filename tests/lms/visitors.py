"""Requests as visitors send them."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Locale

LIST = "/ar/programs/"


def asked_of_the_database(client: Client, path: str = LIST, **headers: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path, headers=headers).status_code == 200
    return len(asked)


def shown(client: Client, path: str = LIST) -> str:
    return client.get(path).content.decode()


def english_locale() -> Locale:
    return Locale.objects.get_or_create(language_code="en")[0]
