"""Decks of slides."""

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
    """One upload: a PDF, or pictures in their order. The uploaded file is deleted once its pages are rendered."""

    center_path = "session__class_session__cohort__center"
    task_name = "live.tasks.render_slides"
    # Longer than the time limit of the sandbox for one file.
    lease = dt.timedelta(minutes=6)
    about_related = ("session__class_session",)

    session = models.ForeignKey(LiveSession, models.PROTECT, related_name="decks")
    # Its name on the wire, in addresses and of the upload's folder.
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=120)
    # The extensions of the uploaded files in order: `pdf`, or several of `png`, `jpg`, `webp`.
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
        """Why it did not become slides, for the instructor."""
        if self.state == JobState.FAILED:
            return str(DeckRefusal.FAILED.label)
        return str(DeckRefusal(self.refusal).label) if self.refusal else ""


class Slide(models.Model):
    """A page of a deck. The names of its files cannot be guessed and are sent only to people in the room."""

    deck = models.ForeignKey(SlideDeck, models.PROTECT, related_name="slides")
    number = models.PositiveSmallIntegerField()
    small = models.CharField(max_length=50)
    large = models.CharField(max_length=50)
    small_bytes = models.PositiveIntegerField()
    large_bytes = models.PositiveIntegerField()
    # Of the large picture, in pixels.
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    # The alternative text: the text layer of the page until staff edit it.
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
