"""Listens on one UDP port for SRT callers and forwards what they send: `python program.py <address> <port> <most>`.

It runs in a sandbox with a network and without Django or its secrets: libsrt reads untrusted datagrams. The parent
process writes lines of JSON to standard input: the streams with their passphrases (`{"keys": {...}}`) and the callers to
disconnect (`{"close": 3}`). Standard output is frames: HEAD (kind, number of the caller, length), then so many bytes.

A caller names its stream (SRTO_STREAMID). The hook below sets the passphrase of that stream before libsrt reads the
caller's key material, so that a wrong one is refused in the handshake and none of its bytes come this far.
"""

import ctypes
import json
import os
import secrets
import socket
import struct
import sys
import threading
import time

HEAD = struct.Struct(">BII")
LISTENING, OPENED, DATA, CLOSED = range(4)
# libsrt's own names and numbers (srt/srt.h, access_control.h).
LIBRARIES = ("libsrt-gnutls.so.1.5", "libsrt-openssl.so.1.5", "libsrt.so.1.5")
RCVTIMEO, PASSPHRASE, RCVKMSTATE, RCVLATENCY, STREAMID, ENFORCED = 14, 26, 41, 43, 46, 53
SECURED, TIMED_OUT, FORBIDDEN, OVERLOAD = 2, 6003, 1403, 1402
NO_SOCKET = -1
CRITICAL = 2
# Lost packets are retransmitted within so many milliseconds; a caller may set more.
LATENCY_MS = 500
WAKE_MS = 500
MESSAGE_BYTES = 2048
# Small messages are collected into one frame of this size.
FRAME_BYTES = 64 * 1024
FRAME_SECONDS = 0.05
STREAM_CHARACTERS = 512

HOOK = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p
)


def library() -> ctypes.CDLL:
    for name in LIBRARIES:
        try:
            return ctypes.CDLL(name)
        except OSError:
            continue
    sys.exit("libsrt 1.5 is not installed (Debian: libsrt1.5-gnutls)")


class Listener:
    def __init__(self, most: int) -> None:
        self.srt = library()
        self.most = most
        self.keys: dict[str, str] = {}
        self.callers: dict[int, tuple[int, str]] = {}
        self.count = 0
        self.changing = threading.Lock()
        self.writing = threading.Lock()
        # libsrt keeps only a pointer to it.
        self.hook = HOOK(self.authorize)

    # --- Callers ------------------------------------------------------------------------------------------

    def authorize(self, _opaque: int, caller: int, _version: int, _peer: int, stream: bytes | None) -> int:
        """Give a new caller the passphrase of the stream it names, or refuse it. Runs in a thread of libsrt."""
        passphrase = self.keys.get((stream or b"").decode("ascii", "replace"))
        if passphrase is None or len(self.callers) >= self.most:
            reason = FORBIDDEN if passphrase is None else OVERLOAD
            self.srt.srt_setrejectreason(caller, reason)
            return -1
        return 0 if self.set_option(caller, PASSPHRASE, passphrase.encode()) == 0 else -1

    def set_option(self, sock: int, option: int, value: bytes) -> int:
        return self.srt.srt_setsockflag(sock, option, value, len(value))

    def set_number(self, sock: int, option: int, value: int) -> int:
        return self.set_option(sock, option, struct.pack("=i", value))

    def number_of(self, sock: int, option: int) -> int:
        value, size = ctypes.c_int(), ctypes.c_int(4)
        self.srt.srt_getsockflag(sock, option, ctypes.byref(value), ctypes.byref(size))
        return value.value

    def stream_of(self, sock: int) -> str:
        value, size = ctypes.create_string_buffer(STREAM_CHARACTERS + 1), ctypes.c_int(STREAM_CHARACTERS)
        self.srt.srt_getsockflag(sock, STREAMID, value, ctypes.byref(size))
        return value.raw[: max(0, size.value)].decode("ascii", "replace")

    def listen(self, address: str, port: int) -> None:
        self.srt.srt_startup()
        # libsrt logs a line or two for every unknown caller.
        self.srt.srt_setloglevel(CRITICAL)
        sock = self.srt.srt_create_socket()
        # A random passphrase: a caller for whom the hook set none is refused as well.
        self.set_option(sock, PASSPHRASE, secrets.token_hex(16).encode())
        self.set_option(sock, ENFORCED, b"\1")
        self.set_number(sock, RCVLATENCY, LATENCY_MS)
        self.set_number(sock, RCVTIMEO, WAKE_MS)
        where = (
            struct.pack("=H", socket.AF_INET) + struct.pack(">H", port) + socket.inet_aton(address) + bytes(8)
        )
        self.srt.srt_listen_callback(sock, self.hook, None)
        if self.srt.srt_bind(sock, where, len(where)) or self.srt.srt_listen(sock, 16):
            self.srt.srt_getlasterror_str.restype = ctypes.c_char_p
            sys.exit(f"cannot listen on {address}:{port}: {self.srt.srt_getlasterror_str().decode()}")
        self.write_frame(LISTENING, 0)
        while True:
            caller = self.srt.srt_accept(sock, None, None)
            if caller == NO_SOCKET:
                # A pause also where accepting fails at once, so that the loop does not spin.
                time.sleep(0.05)
                continue
            threading.Thread(target=self.serve_caller, args=(caller,), daemon=True).start()

    def serve_caller(self, caller: int) -> None:
        """Forward what one caller sends, until it ends or is disconnected."""
        stream = self.stream_of(caller)
        with self.changing:
            is_welcome = stream in self.keys and self.number_of(caller, RCVKMSTATE) == SECURED
            if is_welcome:
                # A caller of the same stream has lost its connection; the old one would time out only after seconds.
                for older, (sock, its) in self.callers.items():
                    if its == stream:
                        self.callers[older] = (NO_SOCKET, its)
                        self.srt.srt_close(sock)
                self.count += 1
                number = self.count
                self.callers[number] = (caller, stream)
        if not is_welcome:
            self.srt.srt_close(caller)
            return
        self.write_frame(OPENED, number, stream.encode())
        self.forward(caller, number)
        with self.changing:
            del self.callers[number]
        self.srt.srt_close(caller)
        self.write_frame(CLOSED, number)

    def forward(self, caller: int, number: int) -> None:
        message = ctypes.create_string_buffer(MESSAGE_BYTES)
        gathered = bytearray()
        written_at = time.monotonic()
        while True:
            size = self.srt.srt_recvmsg(caller, message, MESSAGE_BYTES)
            if size > 0:
                gathered += memoryview(message)[:size]
            elif size == 0 or self.srt.srt_getlasterror(None) != TIMED_OUT:
                break
            if gathered and (
                len(gathered) >= FRAME_BYTES or size < 0 or time.monotonic() - written_at >= FRAME_SECONDS
            ):
                self.write_frame(DATA, number, bytes(gathered))
                gathered.clear()
                written_at = time.monotonic()
        if gathered:
            self.write_frame(DATA, number, bytes(gathered))

    # --- The parent process --------------------------------------------------------------------------------------

    def write_frame(self, kind: int, number: int, body: bytes = b"") -> None:
        frame = memoryview(HEAD.pack(kind, number, len(body)) + body)
        with self.writing:
            while frame:
                frame = frame[os.write(1, frame) :]

    def read_commands(self) -> None:
        """Read commands; the program exits at the end of input."""
        for line in sys.stdin:
            said = json.loads(line)
            with self.changing:
                if "keys" in said:
                    gone = {stream for stream, key in self.keys.items() if said["keys"].get(stream) != key}
                    self.keys = said["keys"]
                    going = [sock for sock, stream in self.callers.values() if stream in gone]
                else:
                    going = [self.callers.get(said["close"], (NO_SOCKET, ""))[0]]
                for sock in going:
                    if sock != NO_SOCKET:
                        self.srt.srt_close(sock)
        os._exit(0)


if __name__ == "__main__":
    listener = Listener(int(sys.argv[3]))
    threading.Thread(target=listener.read_commands, daemon=True).start()
    listener.listen(sys.argv[1], int(sys.argv[2]))
