"""How a photo is answered, after the caller has decided who may see it."""

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control

from accounts.models import PersonPhoto


def photo_response(request: HttpRequest, photo: PersonPhoto, *, is_small: bool = False) -> HttpResponse:
    """For the browser of this reader only, who asks each time whether it is still the newest and still theirs to see."""
    content = photo.thumbnail if is_small else photo.picture
    response = HttpResponse(bytes(content), content_type="image/jpeg")
    response.headers["ETag"] = f'"{photo.digest[:32]}{"s" if is_small else ""}"'
    patch_cache_control(response, private=True, no_cache=True)
    return get_conditional_response(request, etag=response.headers["ETag"], response=response) or response
