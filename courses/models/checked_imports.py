"""What files have in common that are checked first and written once a person has read the check."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.enums import ImportPhase, ImportStep
from jobs.enums import JobState
from jobs.models import LeasedJob


class CheckedImport(LeasedJob):
    """An uploaded file. The job checks it, ends, and is started once more to write what was checked.

    A subclass has `position`, how many of its parts (lines, questions) are done in this phase, and says how many there are (`total`).
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    phase = models.CharField(_("phase"), max_length=6, choices=ImportPhase, default=ImportPhase.CHECK)
    file_name = models.CharField(_("file"), max_length=120)
    # Name inside the private storage; empty once the file was deleted.
    path = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(_("bytes"))
    # Why the file was refused: a code or the name of the error, and its facts.
    refusal = models.CharField(max_length=40, blank=True)
    refusal_facts = models.JSONField(default=dict, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("uploaded by")
    )
    uploaded_at = models.DateTimeField(_("uploaded at"), default=timezone.now)

    position: int

    class Meta(LeasedJob.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.file_name

    @property
    def total(self) -> int:
        """How many parts the file has; 0 while that is not known."""
        raise NotImplementedError

    @property
    def step(self) -> ImportStep:
        """Where it is, for its readers."""
        if self.state == JobState.DONE:
            return ImportStep.CHECKED if self.phase == ImportPhase.CHECK else ImportStep.IMPORTED
        if self.is_open:
            return ImportStep.CHECKING if self.phase == ImportPhase.CHECK else ImportStep.IMPORTING
        return ImportStep(self.state)

    def get_step_display(self) -> str:
        return str(self.step.label)

    @property
    def percent(self) -> int:
        """How much of the file is done; 0 while its length is not known."""
        return min(99, 100 * self.position // self.total) if self.total else 0
