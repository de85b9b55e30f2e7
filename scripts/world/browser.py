"""Pages and files as people open them."""

import io
from typing import Any
from zipfile import ZipFile

from django.test import Client
from django.urls import reverse

from accounts.models import User
from scripts.world.registry import Refused

# No page and no right; moved on to somewhere else is an answer.
NOT_THERE = (403, 404)


def open_address(user: User, address: str, **query: str) -> Any:
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(user)
    return browser.get(address, query)


def open_page(user: User, name: str, *args: Any) -> str:
    """What the page says. Raises `Refused` where there is none for this person."""
    answer = open_address(user, reverse(name, args=args))
    if answer.status_code in NOT_THERE:
        raise Refused
    return str(answer.content.decode())


def text_of(answer: Any) -> str:
    """Of a page or a file; that of a spreadsheet without its packing."""
    content: bytes = answer.getvalue()
    if content[:2] != b"PK":
        return content.decode(errors="replace")
    with ZipFile(io.BytesIO(content)) as package:
        return "".join(package.read(name).decode() for name in package.namelist() if name.endswith(".xml"))
