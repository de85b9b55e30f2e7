from django.db import models
from django.utils.translation import gettext_lazy as _


class JobState(models.TextChoices):
    # Not leased: never tried yet, or to be tried again once it is due.
    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("being made")
    DONE = "done", _("ready")
    # Its attempts are used up: a person has to decide.
    FAILED = "failed", _("failed")
    # What was asked for cannot be done, however often it is tried.
    REFUSED = "refused", _("refused")
    # A person no longer wants it.
    CANCELED = "canceled", _("canceled")


OPEN_STATES = (JobState.WAITING, JobState.RUNNING)
