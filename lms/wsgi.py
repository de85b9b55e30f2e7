"""WSGI entry for pages in the scaled mode (gunicorn)."""

import os

from django.core.wsgi import get_wsgi_application

from lms.serving import refuse_unprepared

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")

application = get_wsgi_application()
refuse_unprepared()
