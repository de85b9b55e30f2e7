"""The interface of media backends."""

import uuid
from typing import Any, Protocol

from accounts.models import User
from live.models import Event, LiveSession


class MediaBackend(Protocol):
    """Carries picture and sound of classes. Synchronous methods call no other machine and may be used in a transaction."""

    @property
    def takes_offers(self) -> bool:
        """Whether browsers connect by offer and answer (SDP); otherwise senders use tickets."""

    @property
    def records(self) -> bool:
        """Whether the class can be replayed after its end."""

    def sending_facts(self, session: LiveSession) -> dict[str, Any]:
        """What the instructor's page needs to send; `by` names its module."""

    def watching_facts(self, session: LiveSession, user: User) -> dict[str, Any]:
        """What the page of `user` needs to watch; `by` names its module."""

    def recording(self, session: LiveSession, user: User) -> str:
        """The folder of a class that has ended, signed for `user`; empty where there is nothing to watch."""

    def look_after(self) -> None:
        """Start background work of this process; called when somebody joins a room."""

    def confirm_sending(self, *, session_id: int, by: User, public_id: uuid.UUID) -> Event | None:
        """Note that media of the connection `public_id` arrives. The first time, announce the picture to the room.

        Raises `OffersNotAccepted`, and `VideoTaken` where another connection has taken its place.
        """

    def disconnect_user(self, *, session_id: int, user: User, for_good: bool) -> None:
        """Stop sending to and receiving from `user`, who may reconnect at once unless `for_good`."""

    def finish(self, session: LiveSession) -> bool:
        """Finish what a dead process left of a class that is over; return whether there was anything. Call it outside transactions."""
