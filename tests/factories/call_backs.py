"""Requests for a call."""

from typing import Any

from accounts.models import Center
from courses.models import CallBack
from courses.services.call_backs import Sent, ask_for_call
from tests.factories.rows import row_of

PHONE = "+201001234567"


def asked_by(person: Any, **facts: Any) -> CallBack:
    """Of who is logged in as `person`, or of a visitor."""
    entry = ask_for_call(
        **{
            "phone": PHONE,
            "hours": "any",
            "text": "الفيديو لا يعمل",
            "sent": Sent(),
            "person": person,
            "center": person.registered_at if person else None,
            **facts,
        }
    )
    return entry.call_back


@row_of(CallBack)
def call_back_in(center: Center) -> CallBack:
    made: int = CallBack.objects.count()
    return asked_by(None, center=center, phone=f"+2010012{made:05}")
