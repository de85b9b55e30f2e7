"""The Celery application. A message only names a row: the state is in the database."""

import logging
import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, worker_init
from celery.worker import WorkController
from kombu import Exchange
from kombu import Queue as BrokerQueue
from kombu.exceptions import ChannelError, OperationalError
from kombu.transport import TRANSPORT_ALIASES

from jobs.declaring import Queue
from lms.beat import LONGEST_SLEEP_SECONDS
from lms.serving import ServingRefused, refuse_unprepared, refuse_unsandboxed

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")

logger = logging.getLogger(__name__)

TRANSPORT_ALIASES["files"] = "lms.broker:Transport"


class CeleryApp(Celery):
    """Logs instead of raising when a task cannot be enqueued: an unreachable broker or a full disk must not fail a committed request."""

    def send_task(self, name: str, *args: Any, **options: Any) -> Any:
        try:
            return super().send_task(name, *args, **options)
        except (ChannelError, OperationalError, OSError) as error:
            logger.warning("The task %s was not enqueued (%s); recovery finds its row.", name, error)
            return None


def queue_of(name: str, *_args: object, **_options: object) -> dict[str, str] | None:
    """The route of a message: the queue that its task declares. A process of pages reads the declarations when it first sends one."""
    if name not in app.tasks:
        app.loader.import_default_modules()
    queue = getattr(app.tasks.get(name), "queue_name", None)
    return {"queue": queue} if queue else None


app = CeleryApp("mihna")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_scheduler = "lms.beat:Scheduler"
app.conf.beat_max_loop_interval = LONGEST_SLEEP_SECONDS
# Each bound by its own name: bound alike, one message would go to all.
app.conf.task_queues = [BrokerQueue(one, Exchange(one, type="direct"), routing_key=one) for one in Queue]
app.conf.task_default_queue = Queue.DEFAULT.value
app.conf.task_routes = (queue_of,)
app.autodiscover_tasks()


@worker_init.connect
@beat_init.connect
def refuse_unprepared_worker(sender: Any, **_: object) -> None:
    try:
        refuse_unprepared()
        # A worker's own queues are known by now; beat, which asks here too, has none.
        if isinstance(sender, WorkController) and Queue.MEDIA in sender.app.amqp.queues.consume_from:
            refuse_unsandboxed()
    except ServingRefused as refusal:
        # Celery logs every other error of a receiver and goes on.
        raise SystemExit(str(refusal)) from refusal
