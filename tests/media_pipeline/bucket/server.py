"""An S3-compatible server on a free loopback port: moto behind a check of signatures, which moto itself leaves out.

The check computes AWS Signature Version 4 from its specification, independently of boto3, whose signatures must agree.
Presigned addresses work from their date until they expire.
"""

import datetime as dt
import hashlib
import hmac
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl, quote, unquote

import boto3
from botocore.config import Config
from moto.core import DEFAULT_ACCOUNT_ID
from moto.s3.models import s3_backends
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

KEY, SECRET, REGION = "tests-only-key", "tests-only-secret", "eu-south-1"
BUCKET = "mihna-films"
# The CORS rules of docs/how-to/media-bucket.md, with the origin of the site.
CORS = {
    "AllowedMethods": ["GET", "HEAD"],
    "AllowedHeaders": ["Range"],
    "ExposeHeaders": ["Content-Range", "Content-Length", "ETag"],
    "MaxAgeSeconds": 86_400,
}

# Buckets send CORS headers with errors, too.
REFUSAL = [("Content-Type", "application/xml"), ("Access-Control-Allow-Origin", "*")]
Environment = dict[str, Any]


class Quiet(WSGIRequestHandler):
    def log(self, *_: Any) -> None:
        pass


class BucketServer:
    """`requests` has (method, key, Range, status) of each request; `refuse` may answer some with 403 instead."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, str, str, int]] = []
        self.refuse: Callable[[str, str], bool] = lambda method, path: False
        self.moto = DomainDispatcherApplication(create_backend_app)
        self.server = make_server("127.0.0.1", 0, self.answer, threaded=True, request_handler=Quiet)
        self.endpoint = f"http://127.0.0.1:{self.server.server_port}"

    def answer(self, environ: Environment, start: Callable[..., Any]) -> Iterable[bytes]:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]

        def noted(status: str, *rest: Any) -> Any:
            key = path.removeprefix(f"/{BUCKET}/")
            self.requests.append((method, key, environ.get("HTTP_RANGE", ""), int(status[:3])))
            return start(status, *rest)

        if self.refuse(method, path):
            noted("403 Forbidden", REFUSAL)
            return [b"<Error><Code>AccessDenied</Code><Message>refused by the test</Message></Error>"]
        # A CORS preflight request has no signature.
        fault = "" if method == "OPTIONS" else fault_of(environ)
        if fault:
            noted("403 Forbidden", REFUSAL)
            return [f"<Error><Code>AccessDenied</Code><Message>{fault}</Message></Error>".encode()]
        return self.moto(environ, noted)

    @contextmanager
    def running(self) -> Iterator["BucketServer"]:
        thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield self
        finally:
            self.server.shutdown()
            thread.join()
            self.server.server_close()

    @contextmanager
    def client(self) -> Iterator[Any]:
        client = boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            region_name=REGION,
            aws_access_key_id=KEY,
            aws_secret_access_key=SECRET,
            config=Config(s3={"addressing_style": "path"}),
        )
        try:
            yield client
        finally:
            client.close()

    def empty(self) -> None:
        """Delete and create the bucket."""
        s3_backends[DEFAULT_ACCOUNT_ID]["global"].reset()
        self.refuse = lambda method, path: False
        with self.client() as client:
            client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        self.requests.clear()

    def allow(self, *, origin: str) -> None:
        """Allow the players of a site to read (CORS)."""
        with self.client() as client:
            client.put_bucket_cors(
                Bucket=BUCKET, CORSConfiguration={"CORSRules": [{**CORS, "AllowedOrigins": [origin]}]}
            )

    def objects(self) -> dict[str, bytes]:
        with self.client() as client:
            found = client.list_objects_v2(Bucket=BUCKET).get("Contents", [])
            return {
                item["Key"]: client.get_object(Bucket=BUCKET, Key=item["Key"])["Body"].read()
                for item in found
            }


def fault_of(environ: Environment) -> str:
    """What is wrong with the signature of a request; nothing when it is right."""
    path, _, query = environ["RAW_URI"].partition("?")
    pairs = parse_qsl(query, keep_blank_values=True)
    facts = dict(pairs)
    if "X-Amz-Signature" in facts:
        made = dt.datetime.strptime(facts["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)
        age = (dt.datetime.now(dt.UTC) - made).total_seconds()
        if not -900 <= age <= int(facts["X-Amz-Expires"]):
            return "Request has expired"
        given, moment = facts["X-Amz-Signature"], facts["X-Amz-Date"]
        key, _, scope = facts["X-Amz-Credential"].partition("/")
        names, payload = facts["X-Amz-SignedHeaders"], "UNSIGNED-PAYLOAD"
        pairs = [(name, value) for name, value in pairs if name != "X-Amz-Signature"]
    elif environ.get("HTTP_AUTHORIZATION", "").startswith("AWS4-HMAC-SHA256 "):
        words = environ["HTTP_AUTHORIZATION"].removeprefix("AWS4-HMAC-SHA256 ").split(", ")
        parts = dict(word.split("=", 1) for word in words)
        given, moment = parts["Signature"], environ["HTTP_X_AMZ_DATE"]
        key, _, scope = parts["Credential"].partition("/")
        names, payload = parts["SignedHeaders"], environ["HTTP_X_AMZ_CONTENT_SHA256"]
    else:
        return "Anonymous access"
    headers = "".join(f"{name}:{_header(environ, name)}\n" for name in names.split(";"))
    canonical = "\n".join(
        [
            environ["REQUEST_METHOD"],
            quote(unquote(path), safe="/-_.~"),
            "&".join(sorted(f"{quote(n, safe='-_.~')}={quote(v, safe='-_.~')}" for n, v in pairs)),
            headers,
            names,
            payload,
        ]
    )
    text = "\n".join(["AWS4-HMAC-SHA256", moment, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    secret = f"AWS4{SECRET}".encode()
    for word in scope.split("/"):
        secret = hmac.new(secret, word.encode(), hashlib.sha256).digest()
    wanted = hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()
    is_right = key == KEY and scope.split("/")[1:] == [REGION, "s3", "aws4_request"]
    return "" if is_right and hmac.compare_digest(wanted, given) else "SignatureDoesNotMatch"


def _header(environ: Environment, name: str) -> str:
    variable = name.upper().replace("-", "_")
    value = environ.get(f"HTTP_{variable}", environ.get(variable, ""))
    return " ".join(value.split())
