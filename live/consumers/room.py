"""The socket of a live room, base of all sockets of a class: reads frames, calls services, answers. No domain rule is here."""

import asyncio
import json
import logging
from typing import Any, ClassVar

from channels.generic.websocket import AsyncWebsocketConsumer
from django.db import Error as DatabaseError
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from pydantic import TypeAdapter, ValidationError

from accounts.errors import DomainError
from live import protocol
from live.commands import Command, Heartbeat, Hello, RoomCommand, Seen
from live.enums import LiveRole
from live.errors import (
    InLobby,
    NotAdmitted,
    RemovedFromRoom,
    RoomEnded,
    RoomLocked,
    StaffOnly,
    TicketRefused,
    WatchingOnly,
)
from live.hub import CloseCode, LogUnavailable, Send, Subscriber
from live.media_servers import media_backend
from live.protocol import ProtocolError, Reply
from live.queries.welcome import welcome_of
from live.server.event_gateway import event_gateway, in_database
from live.server.scheduler import scheduler
from live.services.presence import Absence, notice_return, record_heartbeat, record_return
from live.services.tickets import Participant, redeem_ticket

logger = logging.getLogger(__name__)

SENTENCES = {
    ProtocolError.MALFORMED: _("The page sent something the server cannot read. Reload the page."),
    ProtocolError.UNKNOWN_COMMAND: _(
        "The page asked for something this server does not know. Reload the page."
    ),
    ProtocolError.HELLO_FIRST: _("The page has not introduced itself yet. Reload the page."),
    ProtocolError.TOO_BIG: _("That is too long to send."),
    ProtocolError.TOO_FAST: _("Too fast. Wait a moment and send it again."),
    ProtocolError.UNAVAILABLE: _("The server is busy. What you wrote is kept and will be sent again."),
}


class RoomConsumer(AsyncWebsocketConsumer):
    """One socket. Rooms are entered by ticket and the hub fans out events: the channel layer is not used."""

    channel_layer_alias = None
    # Commands of a socket that has its own; the room's are those of `live.commands`.
    commands: ClassVar[TypeAdapter[Any] | None] = None

    participant: Participant | None = None
    subscriber: Subscriber | None = None
    device = ""
    # The absence before this socket, until the client has confirmed what it missed.
    absence: Absence | None = None
    errors = 0
    refusals = 0
    is_closing = False
    hello_timer: asyncio.TimerHandle | None = None
    command_lock: asyncio.Lock

    async def dispatch(self, message: dict[str, Any]) -> None:
        # Channels would visit its one database thread for every frame; this consumer's database work brings and
        # returns its own connections.
        await getattr(self, message["type"].replace(".", "_"))(message)

    async def connect(self) -> None:
        # Locked while a frame is answered.
        self.command_lock = asyncio.Lock()
        await self.accept()
        loop = asyncio.get_running_loop()
        self.hello_timer = loop.call_later(protocol.HELLO_SECONDS, self._close_without_hello)

    def _close_without_hello(self) -> None:
        self.closing = asyncio.ensure_future(self.close(CloseCode.TICKET))

    async def disconnect(self, code: int) -> None:
        self.cancel_hello_timer()
        if self.subscriber is not None:
            event_gateway.hub().leave(self.subscriber)

    async def close(self, code: int | None = None, reason: str | None = None) -> None:
        # Frames that arrive after the close are not answered.
        if not self.is_closing:
            self.is_closing = True
            await super().close(int(code) if code is not None else None, reason)

    async def close_after_command(self, code: CloseCode) -> None:
        """Close because of the room, after the current frame is answered.

        The hub may deliver an event before the command that made it is acknowledged: the sender of `room.end` still gets its ack.
        """
        async with self.command_lock:
            await self.close(code)

    # --- Frames ----------------------------------------------------------------------------------------------

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self.is_closing:
            return
        if text_data is None or len(text_data.encode()) > protocol.FRAME_BYTES:
            await self.refuse(ProtocolError.TOO_BIG if text_data else ProtocolError.MALFORMED, None)
            await self.close(CloseCode.TOO_BIG if text_data else CloseCode.PROTOCOL)
            return
        try:
            command = self.read(text_data)
        except protocol.Refused as refused:
            await self.refuse(refused.code, refused.command_id)
            return
        async with self.command_lock:
            await self.answer(command)

    async def answer(self, command: Command) -> None:
        try:
            await self.handle(command)
        except DomainError as error:
            await self.report(error, command)
        except (DatabaseError, LogUnavailable):
            logger.warning("The database is unreachable; a live command was refused.", exc_info=True)
            await self.send_unavailable(str(command.id))

    def read(self, text: str) -> Command:
        if self.commands is None:
            return protocol.parse(text)
        try:
            return self.commands.validate_json(text)
        except ValidationError as error:
            raise protocol.Refused(ProtocolError.MALFORMED) from error

    async def handle(self, command: Command) -> None:
        if self.participant is None or self.subscriber is None:
            if isinstance(command, Hello) and self.participant is None:
                await self.welcome(command)
            else:
                await self.refuse(ProtocolError.HELLO_FIRST, str(command.id))
        elif isinstance(command, Hello):
            await self.refuse(ProtocolError.UNKNOWN_COMMAND, str(command.id))
        elif self.participant.role == LiveRole.INSPECTOR and not isinstance(command, Heartbeat | Seen):
            raise WatchingOnly
        elif command.for_staff and self.participant.role != LiveRole.INSTRUCTOR:
            raise StaffOnly
        elif event_gateway.hub().buckets.consume((self.participant.user.pk, command.type), command.rate):
            await self.slow_down(command)
        elif isinstance(command, Seen):
            self.subscriber.confirm(command.seen)
        elif isinstance(command, Heartbeat):
            await self.handle_heartbeat(command, self.participant, self.subscriber)
        else:
            assert isinstance(command, RoomCommand)  # noqa: S101 - commands of the connection were answered above
            event = await in_database(command.handle)(self.participant)
            await self.send_reply(Reply.ACK, id=str(command.id), seq=event.seq if event else None)

    async def welcome(self, hello: Hello) -> None:
        """Join the room: subscribe first, send the welcome, then replay later events."""
        participant = await in_database(redeem_ticket)(ticket=hello.ticket)
        self.device = hello.device
        subscriber = self.join(participant, send=self.base_send)
        room = await in_database(welcome_of)(
            participant.session_id, participant.user, participant.role, since=hello.since
        )
        await self.send_reply(Reply.WELCOME, id=str(hello.id), **room.facts)
        after = room.seq if room.has_messages or hello.since is None else hello.since
        if hello.since is not None and not room.has_messages and participant.role == LiveRole.TRAINEE:
            self.absence = await in_database(notice_return)(
                session_id=participant.session_id,
                user=participant.user,
                device=self.device,
                since=hello.since,
                replayed_to=room.seq,
            )
        await event_gateway.hub().replay(subscriber, after=after, snapshot=room.seq)
        scheduler.start()
        media_backend().look_after()

    async def join_without_events(
        self, participant: Participant, seq: int, *, is_counted: bool = True
    ) -> None:
        """Join the room from event `seq` on without receiving its events: the socket is closed when the class ends or the person is removed."""
        subscriber = self.join(participant, send=self.discard_frame, is_counted=is_counted)
        await event_gateway.hub().replay(subscriber, after=seq, snapshot=seq)

    def join(self, participant: Participant, *, send: Send, is_counted: bool = True) -> Subscriber:
        """Bind this socket to the participant."""
        self.participant = participant
        self.cancel_hello_timer()
        self.subscriber = event_gateway.hub().join(
            participant.session_id,
            member=participant.user.pk,
            send=send,
            on_close=self.close_after_command,
            is_staff=participant.role == LiveRole.INSTRUCTOR,
            is_counted=is_counted,
        )
        return self.subscriber

    def cancel_hello_timer(self) -> None:
        """Called when the hello arrived or the socket closed."""
        if self.hello_timer is not None:
            self.hello_timer.cancel()

    async def discard_frame(self, frame: dict[str, Any]) -> None:
        if self.subscriber is not None:
            self.subscriber.confirm(self.subscriber.after)

    async def handle_heartbeat(
        self, command: Heartbeat, participant: Participant, subscriber: Subscriber
    ) -> None:
        if command.seen is not None:
            subscriber.confirm(command.seen)
        facts = {"session_id": participant.session_id, "user": participant.user, "device": self.device}
        if self.absence is not None and (command.seen or 0) >= self.absence.replayed_to:
            absence, self.absence = self.absence, None
            await in_database(record_return)(**facts, absence=absence)
        counter = await in_database(record_heartbeat)(
            **facts, state=command.state, is_counted=participant.role == LiveRole.TRAINEE
        )
        await self.send_reply(Reply.ACK, id=str(command.id), presence=counter.shown())

    # --- Answers ---------------------------------------------------------------------------------------------

    async def send_reply(self, kind: Reply, **facts: Any) -> None:
        await self.send(json.dumps({"type": kind, **facts}, ensure_ascii=False))

    async def send_error(self, code: str, sentence: Any, command_id: str | None, **facts: Any) -> None:
        with translation.override(self.participant.language if self.participant else None):
            message = str(sentence)
        await self.send_reply(Reply.ERROR, id=command_id, code=code, message=message, **facts)

    async def send_unavailable(self, command_id: str | None) -> None:
        await self.send_error(ProtocolError.UNAVAILABLE, SENTENCES[ProtocolError.UNAVAILABLE], command_id)
        if self.subscriber is None or not self.subscriber.is_live:
            await self.close(CloseCode.UNAVAILABLE)

    async def report(self, error: DomainError, command: Command) -> None:
        """Answer a domain error; a refused ticket also closes the socket."""
        seconds = {"seconds": error.facts["seconds"]} if "seconds" in error.facts else {}
        await self.send_error(error.code, error, str(command.id), **seconds)
        if self.participant is None:
            # Where entry was refused meanwhile the page asks for a ticket again; that answer tells how to wait.
            door = {InLobby: CloseCode.TICKET, RoomLocked: CloseCode.TICKET}
            closings = {TicketRefused: CloseCode.TICKET, RoomEnded: CloseCode.ENDED}
            refusals = {NotAdmitted: CloseCode.NOT_ADMITTED, RemovedFromRoom: CloseCode.NOT_ADMITTED}
            for kind, close_code in (closings | refusals | door).items():
                if isinstance(error, kind):
                    await self.close(close_code)

    async def refuse(self, code: ProtocolError, command_id: str | None) -> None:
        """Answer a frame that breaks the protocol; the fifth closes the socket."""
        self.errors += 1
        await self.send_error(code, SENTENCES[code], command_id)
        if self.errors >= protocol.ERRORS_BEFORE_CLOSE:
            await self.close(CloseCode.PROTOCOL)

    async def slow_down(self, command: Command) -> None:
        self.refusals += 1
        await self.send_error(ProtocolError.TOO_FAST, SENTENCES[ProtocolError.TOO_FAST], str(command.id))
        if self.refusals >= protocol.REFUSALS_BEFORE_CLOSE:
            await self.close(CloseCode.RATE)
