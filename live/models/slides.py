"""What an instructor shows: decks of slides."""

import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jobs.enums import JobState
from jobs.models import LeasedJob
from live.enums import DeckRefusal
from live.models.rooms import LiveSession


class SlideDeck(LeasedJob):
    """One upload: a PDF, or pictures in their order. The uploaded file is deleted once its pages are drawn."""

    center_path = "session__class_session__cohort__center"
    task_name = "live.tasks.render_slides"
    # Longer than the sandbox lets a file take.
    lease = dt.timedelta(minutes=6)
    about_related = ("session__class_session",)

    session = models.ForeignKey(LiveSession, models.PROTECT, related_name="decks")
    # Names it on the line and in addresses; the folder of the upload too.
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=120)
    # The endings of the uploaded files in their order: `pdf`, or `png`, `jpg`, `webp` several times.
    sources = models.JSONField(default=list)
    source_bytes = models.PositiveBigIntegerField()
    # Why it was refused, a `DeckRefusal`.
    refusal = models.CharField(max_length=10, blank=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta(LeasedJob.Meta):
        ordering = ("session_id", "pk")
        verbose_name = _("deck of slides")
        verbose_name_plural = _("decks of slides")
        constraints = (
            *LeasedJob.Meta.constraints,
            models.CheckConstraint(
                condition=Q(state=JobState.REFUSED, refusal__gt="")
                | (~Q(state=JobState.REFUSED) & Q(refusal="")),
                name="slide_deck_is_refused_for_a_reason",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def about(self) -> str:
        return f"{self.session.class_session.title}: {self.title}"

    @property
    def why_not(self) -> str:
        """Why no slides came of it, for the instructor."""
        if self.state == JobState.FAILED:
            return str(DeckRefusal.FAILED.label)
        return str(DeckRefusal(self.refusal).label) if self.refusal else ""


class Slide(models.Model):
    """A page of a deck. The names of its files cannot be guessed and are told to those in the room only."""

    deck = models.ForeignKey(SlideDeck, models.PROTECT, related_name="slides")
    number = models.PositiveSmallIntegerField()
    small = models.CharField(max_length=50)
    large = models.CharField(max_length=50)
    small_bytes = models.PositiveIntegerField()
    large_bytes = models.PositiveIntegerField()
    # Of the large picture, in pixels.
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    # What is said in place of the picture; from the text layer, until staff write something better.
    text = models.TextField(blank=True)

    class Meta:
        ordering = ("deck_id", "number")
        constraints = (
            models.UniqueConstraint(fields=("deck", "number"), name="slide_number_once"),
            models.CheckConstraint(
                condition=Q(number__gte=1) & Q(width__gte=1) & Q(height__gte=1) & ~Q(small=F("large")),
                name="slide_has_a_number_and_a_size",
            ),
        )

    def __str__(self) -> str:
        return f"{self.deck_id}/{self.number}"
