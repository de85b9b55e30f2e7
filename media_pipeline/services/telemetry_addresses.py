"""Signs the address to which a player reports. It is valid only for one video and one viewer."""

import base64
import hashlib
import hmac

from django.conf import settings

PREFIX = "/media/t"


def telemetry_address(*, expires: int, viewer: str, path: str) -> str:
    """The address for the viewer tagged `viewer` of the version at `path`, valid until `expires` (Unix seconds)."""
    pass_ = f"{expires}-{viewer}"
    return f"{PREFIX}/{pass_}/{telemetry_signature(pass_, path)}/{path}"


def telemetry_signature(pass_: str, path: str) -> str:
    """22 characters. Another function with the purpose in its text: no signature of a stream can equal it."""
    key = settings.MEDIA_LINK_SECRET.encode()
    digest = hmac.new(key, f"telemetry {pass_}/{path}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:16]).decode().rstrip("=")


def is_telemetry_signed(pass_: str, signature: str, path: str) -> bool:
    return hmac.compare_digest(telemetry_signature(pass_, path), signature)
