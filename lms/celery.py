"""The Celery application. A message only rings the bell: the row it names is the truth."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")

app = Celery("mihna")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
