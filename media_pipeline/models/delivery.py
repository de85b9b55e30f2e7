"""What became of addresses after they were signed."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Mark(models.Model):
    """The end of every address that carries `tag`. Whoever serves files asks for a file of that name.

    A viewer who may watch again is signed for under another tag, which follows from the mark's own number.
    """

    # The text that `sign_playback` was given.
    viewer = models.CharField(max_length=60)
    tag = models.CharField(max_length=16, unique=True)
    ended_at = models.DateTimeField(_("ended at"), default=timezone.now)

    class Meta:
        verbose_name = _("end of a viewer's addresses")
        verbose_name_plural = _("ends of viewers' addresses")
        indexes = (
            models.Index(fields=("viewer", "-id"), name="mark_last_of_viewer"),
            models.Index(fields=("ended_at",), name="mark_ended_at"),
        )

    def __str__(self) -> str:
        return f"{self.viewer} · {self.tag}"
