"""The least that Django can do: one small page from a view, without middleware, templates or a database."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

PAGE = f"<!doctype html><title>Bare</title><p>{'A small page. ' * 200}</p>"


def page(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(PAGE)


urlpatterns = [path("", page)]

settings.configure(ALLOWED_HOSTS=["localhost"], ROOT_URLCONF=__name__, MIDDLEWARE=[], SECRET_KEY="bare")  # noqa: S106 - signs nothing
application = get_wsgi_application()
