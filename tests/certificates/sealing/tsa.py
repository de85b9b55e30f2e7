"""A timestamp authority on loopback: RFC 3161 over HTTP, with a key of its own."""

import contextlib
import datetime as dt
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from asn1crypto import tsp

from certificates.sealing import Signer
from certificates.sealing.timestamps import build_timestamp_token


@contextlib.contextmanager
def timestamp_server(answer: Callable[[bytes], tuple[int, bytes]]) -> Iterator[str]:
    """Serve `answer` (query to status and body); yields the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            is_query = self.headers["Content-Type"] == "application/timestamp-query"
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, reply = answer(body) if is_query else (415, b"")
            self.send_response(status)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Location", "http://127.0.0.1:9/")
            self.send_header("Content-Length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/tsa"
        finally:
            server.shutdown()
            thread.join()


def valid_response(signer: Signer) -> Callable[[bytes], tuple[int, bytes]]:
    return lambda query: (200, answer_query(query, signer, at=dt.datetime.now(dt.UTC)))


def answer_query(query: bytes, signer: Signer, *, at: dt.datetime) -> bytes:
    """The whole answer of an authority to a query, both in DER. Raises ValueError for what is no query."""
    asked = tsp.TimeStampReq.load(query, strict=True)
    nonce = asked["nonce"].native
    if asked["message_imprint"]["hash_algorithm"]["algorithm"].native != "sha256":
        return tsp.TimeStampResp({"status": {"status": "rejection", "fail_info": {"bad_alg"}}}).dump()
    token = build_timestamp_token(asked["message_imprint"], signer, at=at, nonce=nonce)
    return tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token}).dump()
