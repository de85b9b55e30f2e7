"""A media server that speaks WHIP and WHEP, of aiortc: the other side of the tests, in a process of its own.

    python -m tests.live.whip.media_server <port> <token> <relative | absolute | foreign | moved> <seconds>

It relays a stream to its viewers. The third argument is the form of its `Location`; "moved" redirects offers by
307 first. A connection that does not come about is given up after so many
seconds, as real media servers do (MediaMTX: `webrtcHandshakeTimeout`). `GET /state` lists the connections for tests.
"""

import asyncio
import json
import sys
import uuid
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from aioice import ice
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.contrib.media import MediaBlackhole, MediaRelay

# Browsers on this machine use only the loopback interface.
ice.get_host_addresses = lambda use_ipv4, use_ipv6: ["127.0.0.1"]

# Without this, aiortc asks a public STUN server.
NO_HELPERS = RTCConfiguration(iceServers=[])

type Reply = tuple[int, dict[str, str], str]


@dataclass
class Session:
    stream: str
    way: str
    connection: RTCPeerConnection
    tracks: dict[str, MediaStreamTrack] = field(default_factory=dict)
    hole: MediaBlackhole | None = None


class Server:
    def __init__(self, port: int, token: str, places: str, handshake_seconds: float) -> None:
        self.port = port
        self.origin = f"http://127.0.0.1:{port}"
        self.token = token
        self.places = places
        self.handshake_seconds = handshake_seconds
        self.relay = MediaRelay()
        self.sessions: dict[str, Session] = {}
        self.refused = 0

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        status, headers, text = await self.reply(scope, body)
        raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": raw})
        await send({"type": "http.response.body", "body": text.encode()})

    async def reply(self, scope: dict[str, Any], body: bytes) -> Reply:
        parts = scope["path"].strip("/").split("/")
        if parts == ["state"]:
            return 200, {"content-type": "application/json"}, json.dumps(self.state())
        if dict(scope["headers"]).get(b"authorization") != f"Bearer {self.token}".encode():
            self.refused += 1
            return 401, {}, ""
        if scope["method"] == "DELETE" and parts[0] == "sessions":
            return await self.end(parts[1])
        if scope["method"] != "POST" or parts[-1] not in {"whip", "whep"}:
            return 405, {}, ""
        if self.places == "moved" and parts[0] != "here":
            return 307, {"location": "/here" + scope["path"]}, ""
        return await self.offered(parts[-2], parts[-1], body.decode())

    def state(self) -> dict[str, Any]:
        return {
            "sessions": {
                key: {"stream": one.stream, "way": one.way, "state": one.connection.connectionState}
                for key, one in self.sessions.items()
            },
            "refused": self.refused,
        }

    def sender_of(self, stream: str) -> Session | None:
        return next(
            (one for one in self.sessions.values() if (one.stream, one.way) == (stream, "whip")), None
        )

    async def offered(self, stream: str, way: str, offer: str) -> Reply:
        sender = self.sender_of(stream)
        if way == "whip" and sender:
            return 409, {}, ""
        if way == "whep" and not (sender and sender.tracks):
            return 404, {}, ""
        connection = RTCPeerConnection(NO_HELPERS)
        session = Session(stream, way, connection)
        try:
            if way == "whip":
                connection.on("track", lambda track: self.arrived(session, track))
            await connection.setRemoteDescription(RTCSessionDescription(offer, "offer"))
            if sender and way == "whep":
                for transceiver in connection.getTransceivers():
                    track = sender.tracks.get(transceiver.kind)
                    if track:
                        transceiver.sender.replaceTrack(self.relay.subscribe(track))
                        transceiver.direction = "sendonly"
            await connection.setLocalDescription(await connection.createAnswer())
        except Exception as error:  # noqa: BLE001 - any invalid offer is refused
            await connection.close()
            return 400, {}, str(error)
        if session.hole:
            await session.hole.start()
        key = uuid.uuid4().hex
        self.sessions[key] = session
        connection.on("connectionstatechange", lambda: self.changed(key))
        asyncio.get_running_loop().call_later(self.handshake_seconds, self.given_up, key)
        place = {"absolute": self.origin, "foreign": "http://127.0.0.2:9"}.get(self.places, "")
        answer = connection.localDescription.sdp
        return 201, {"content-type": "application/sdp", "location": f"{place}/sessions/{key}"}, answer

    def arrived(self, session: Session, track: MediaStreamTrack) -> None:
        session.tracks[track.kind] = track
        # Frames have to be consumed while there is no viewer.
        session.hole = session.hole or MediaBlackhole()
        session.hole.addTrack(self.relay.subscribe(track))

    def changed(self, key: str) -> None:
        session = self.sessions.get(key)
        if session and session.connection.connectionState in {"failed", "closed"}:
            self.ending = asyncio.ensure_future(self.end(key))

    def given_up(self, key: str) -> None:
        session = self.sessions.get(key)
        if session and session.connection.connectionState != "connected":
            self.ending = asyncio.ensure_future(self.end(key))

    async def end(self, key: str) -> Reply:
        session = self.sessions.pop(key, None)
        if session is None:
            return 404, {}, ""
        if session.hole:
            await session.hole.stop()
        await session.connection.close()
        return 200, {}, ""


if __name__ == "__main__":
    server = Server(int(sys.argv[1]), sys.argv[2], sys.argv[3], float(sys.argv[4]))
    uvicorn.run(server, host="127.0.0.1", port=server.port, log_level="warning", lifespan="off")
