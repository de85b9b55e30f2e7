"""Receives the batches of players at their signed addresses."""

import logging
import time
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from media_pipeline.models import PublishedVersion
from media_pipeline.services.revocations import is_revoked
from media_pipeline.services.telemetry_addresses import is_telemetry_signed
from media_pipeline.services.watching import count_batch, too_many_batches
from media_pipeline.telemetry import MOST_BYTES, Batch, BatchRefused

logger = logging.getLogger(__name__)
RETRY_SECONDS = 60


# The signed address authenticates and no cookie is read: a forged request from another site has no address.
@csrf_exempt
@require_POST
@never_cache
def count_watching(
    request: HttpRequest, expires: str, viewer: str, signature: str, path: str
) -> HttpResponse:
    """Count one batch (`media_pipeline.telemetry`). Sent once or twice, the response is 200 and the sum the same."""
    refusal = _refused_address(expires, viewer, signature, path)
    if refusal:
        return refusal
    version = PublishedVersion.objects.filter(path=path).first()
    if version is None:
        return _refusal(HTTPStatus.GONE, "this video is gone")
    if request.content_type != "application/json":
        return _refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "a batch is application/json")
    try:
        batch = Batch.from_json(_body(request))
        is_new = count_batch(version=version, viewer=viewer, batch=batch)
    except (BatchRefused, UnreadablePostError) as error:
        # Our player sends no such batch: it is an attack or a bug.
        logger.info("telemetry batch of %s refused: %s", path, error)
        return _refusal(HTTPStatus.BAD_REQUEST, str(error))
    return JsonResponse({"counted": is_new})


def _body(request: HttpRequest) -> bytes:
    """The body; one byte more than allowed marks a body that is too large. Raises UnreadablePostError."""
    try:
        return request.read(MOST_BYTES + 1)
    except ValueError as error:
        # The tab was closed while the batch was sent: Django has closed the file by then.
        raise UnreadablePostError(*error.args) from error


def _refused_address(expires: str, viewer: str, signature: str, path: str) -> HttpResponse | None:
    """The response to an address that is invalid, expired or over its rate limit."""
    if not is_telemetry_signed(f"{expires}-{viewer}", signature, path):
        return _refusal(HTTPStatus.NOT_FOUND, "there is nothing at this address")
    if int(expires) < time.time() or is_revoked(viewer):
        return _refusal(HTTPStatus.GONE, "this address has ended")
    if too_many_batches(viewer=viewer):
        answer = _refusal(HTTPStatus.TOO_MANY_REQUESTS, "too many batches: keep them and send them later")
        answer["Retry-After"] = str(RETRY_SECONDS)
        return answer
    return None


def _refusal(status: HTTPStatus, detail: str) -> HttpResponse:
    """RFC 9457. Read by programs only, hence not translated."""
    problem = {"type": "about:blank", "title": status.phrase, "status": status, "detail": detail}
    return JsonResponse(problem, status=status, content_type="application/problem+json")
