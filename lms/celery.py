"""The Celery application. A message only rings the bell: the row it names is the truth."""

import os

from celery import Celery

from lms.beat import SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")

app = Celery("mihna")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = SCHEDULE
app.autodiscover_tasks()
