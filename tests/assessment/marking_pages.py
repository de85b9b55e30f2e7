"""Opens and posts the pages of markers."""

from django.test import Client
from django.urls import reverse

from accounts.models import User


def posted(levels: dict[str, str], **typed: str) -> dict[str, str]:
    return {**{f"level-{line}": level for line, level in levels.items()}, **typed}


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def opens(client: Client, version: int, *, decides: bool = False) -> str:
    """The address of the next answer."""
    name = "marking_next_decision" if decides else "marking_next"
    answer = client.post(reverse(name), {"question": version})
    assert answer.status_code == 302
    return str(answer["Location"])
