"""The Celery application. A message only rings the bell: the row it names is the truth."""

import os

from celery import Celery
from celery.signals import beat_init, worker_init

from lms.beat import SCHEDULE
from lms.serving import ServingRefused, refuse_without_keys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")

app = Celery("mihna")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = SCHEDULE
app.autodiscover_tasks()


@worker_init.connect
@beat_init.connect
def refuse_to_work_without_keys(**_: object) -> None:
    try:
        refuse_without_keys()
    except ServingRefused as refusal:
        # Celery logs every other error of a receiver and goes on.
        raise SystemExit(str(refusal)) from refusal
