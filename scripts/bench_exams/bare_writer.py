"""The least that Django can do for who is logged in and writes one row: sessions, logins, one view."""

import os
from urllib.parse import unquote, urlsplit

import django
from django.conf import settings

address = urlsplit(os.environ["BARE_DATABASE_URL"])
settings.configure(
    ALLOWED_HOSTS=["localhost"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="bare",  # noqa: S106 - signs nothing of ours
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "scripts.bench_exams.bare"],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    USE_TZ=True,
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": address.path[1:],
            "USER": unquote(address.username or ""),
            "PASSWORD": unquote(address.password or ""),
            "HOST": unquote(address.hostname or ""),
            "PORT": address.port or "",
            "CONN_MAX_AGE": None,
        }
    },
)  # fmt: skip
django.setup()

from django.contrib.auth.decorators import login_required  # noqa: E402 - needs the set-up
from django.core.wsgi import get_wsgi_application  # noqa: E402 - needs the set-up
from django.http import HttpRequest, JsonResponse  # noqa: E402 - needs the set-up
from django.urls import path  # noqa: E402 - needs the set-up

from scripts.bench_exams.bare.models import Row  # noqa: E402 - needs the set-up


@login_required
def write(request: HttpRequest) -> JsonResponse:
    row = Row(user_id=request.user.pk, text=request.body.decode())
    row.save()
    return JsonResponse({"saved": row.pk})


urlpatterns = [path("", write)]
application = get_wsgi_application()
