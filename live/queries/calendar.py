"""The live classes of a person, and the addresses of their rooms."""

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import User
from live.models import LiveSession
from live.queries.admission import attended_by, given_by, is_only_a_trainee


def classes_of(user: User) -> QuerySet[LiveSession]:
    """The classes that are `user`'s own, to attend or to give, earliest first; not all of a center's."""
    own = attended_by(user) if is_only_a_trainee(user) else given_by(user) | attended_by(user)
    return (
        LiveSession.objects.filter(own)
        .select_related("class_session__cohort__program", "class_session__instructor")
        .order_by("class_session__starts_at", "pk")
    )


def room_path(session: LiveSession) -> str:
    return reverse("live:room", args=[session.class_session.public_id])


def room_address(session: LiveSession) -> str:
    """The absolute address of the room's page, for readers outside the site."""
    return f"{settings.SITE_URL}{room_path(session)}"
