"""What is kept of a person in live classes."""

from collections.abc import Iterable

from accounts.models import Person
from accounts.services.personal_data import Row, register_personal_data
from live.models import Event, PresenceMinute


@register_personal_data("live_classes")
def event_rows(person: Person) -> Iterable[Row]:
    """What the person wrote and did in live classes, as it is in their logs."""
    named = ("session__class_session__title", "created_at", "kind", "payload")
    return Event.objects.filter(actor__person=person).values(*named).iterator()


@register_personal_data("presence_in_live_classes")
def presence_rows(person: Person) -> Iterable[Row]:
    named = ("session__class_session__title", "minute")
    return PresenceMinute.objects.filter(person=person).values(*named).iterator()
