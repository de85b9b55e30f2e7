"""What a room needs from whatever carries its picture and sound."""

import uuid
from typing import Any, Protocol

from accounts.models import User
from live.models import Event, LiveSession


class MediaBackend(Protocol):
    """One way to carry a class. What is not asynchronous reaches no other machine and may be called in a transaction."""

    @property
    def takes_offers(self) -> bool:
        """Whether browsers connect by offer and answer; else senders come with tickets."""

    @property
    def records(self) -> bool:
        """Whether the class can be played again after its end."""

    def sending_facts(self, session: LiveSession) -> dict[str, Any]:
        """What the instructor's page is told so that it can send; `by` names its module."""

    def watching_facts(self, session: LiveSession, user: User) -> dict[str, Any]:
        """What the page of `user` is told so that it can watch; `by` names its module."""

    def recording(self, session: LiveSession, user: User) -> str:
        """The folder of a class that has ended, signed for `user`; empty where there is nothing to watch."""

    def look_after(self) -> None:
        """Somebody came into a room of this process: what has to be looked after while there are rooms begins."""

    def confirm_sending(self, *, session_id: int, by: User, public_id: uuid.UUID) -> Event | None:
        """The sender's page says that what it sends by the connection `public_id` arrives. The first time the room is told.

        Raises `OffersNotAccepted`, and `VideoTaken` where another connection has taken its place.
        """

    def disconnect_user(self, *, session_id: int, user: User, for_good: bool) -> None:
        """Nothing more is sent to or taken from `user`; one who is not put out `for_good` may come back at once."""

    def finish(self, session: LiveSession) -> bool:
        """End what a dead process left of a class that is over. Whether there was anything. Outside transactions."""
