"""What a room needs from whatever carries its picture and sound."""

from typing import Any, Protocol

from accounts.models import User
from live.enums import LegWay
from live.media_servers.exchange import Answer
from live.models import LiveSession


class MediaBackend(Protocol):
    """One way to carry a class. What is not asynchronous reaches no other machine and may be called in a transaction."""

    @property
    def takes_offers(self) -> bool:
        """Whether browsers connect by offer and answer (`answer`, `hang_up`); else senders come with tickets."""

    @property
    def records(self) -> bool:
        """Whether the class can be played again after its end."""

    def sending_facts(self, session: LiveSession) -> dict[str, Any]:
        """What the trainer's page is told so that it can send; `by` names its module."""

    def watching_facts(self, session: LiveSession, user: User) -> dict[str, Any]:
        """What the page of `user` is told so that it can watch; `by` names its module."""

    def recording(self, session: LiveSession, user: User) -> str:
        """The folder of a class that has ended, signed for `user`; empty where there is nothing to watch."""

    async def answer(self, session: LiveSession, way: LegWay, offer: str) -> Answer:
        """Bring a browser's offer (SDP). Raises what `exchange.MediaServer.answer` raises."""

    async def hang_up(self, resource: str) -> bool:
        """End a connection. Whether it is gone; else it has to be tried again."""

    def put_out(self, *, session_id: int, user: User, for_good: bool) -> None:
        """Nothing more is sent to or taken from `user`; one who is not put out `for_good` may come back at once."""

    def finish(self, session: LiveSession) -> bool:
        """End what a dead process left of a class that is over. Whether there was anything. Outside transactions."""
