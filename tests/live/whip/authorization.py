"""Authorization of connections to the media server."""

from django.utils import timezone

from accounts.enums import Act
from accounts.models import Center
from live.enums import MediaDirection
from live.models import LiveSession, MediaConnection
from tests.factories.live import own_class, taught_class
from tests.factories.rows import Visit, visit
from tests.project.authorization.table import own

ADDRESSES = {
    "whip:whip": own("An instructor of the center sends.", Act.TEACH),
    "whip:whep": own("A class of one's own cohort.", Act.TEACH, Act.INSPECT_CLASSES),
    "whip:media_connection": own("A connection is closed by the user who opened it."),
}


@visit("whip:whip")
def own_offer_to_send(center: Center) -> Visit:
    # Without an offer: the room is found, and the content type is refused.
    return Visit(**taught_class(center), method="post", status=415)


@visit("whip:whep")
def own_offer_to_watch(center: Center) -> Visit:
    return Visit(**own_class(center), method="post", status=415)


@visit("whip:media_connection")
def own_leg(center: Center) -> Visit:
    own = own_class(center)
    session = LiveSession.objects.get(class_session__public_id=own["kwargs"]["public_id"])
    now = timezone.now()
    leg = MediaConnection.objects.create(
        session=session,
        user=own["user"],
        direction=MediaDirection.WATCHES,
        device="device-1",
        opened_at=now,
        last_seen_at=now,
    )
    return Visit(own["user"], {**own["kwargs"], "connection_id": leg.public_id}, method="delete")
