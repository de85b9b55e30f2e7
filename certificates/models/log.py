"""The transparency log (RFC 9162). Triggers make its tables append-only."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from certificates.enums import EntryKind


class LogPending(models.Model):
    """A status event that is not in the log yet. A trigger inserts it with the event; appending deletes it."""

    event = models.OneToOneField(
        "certificates.StatusEvent", models.PROTECT, primary_key=True, related_name="+"
    )

    def __str__(self) -> str:
        return str(self.event_id)


class LogEntry(models.Model):
    """A leaf: the entry of one status event, as hashed."""

    position = models.PositiveBigIntegerField(_("position"), primary_key=True)
    event = models.OneToOneField(
        "certificates.StatusEvent", models.PROTECT, related_name="log_entry", verbose_name=_("event")
    )
    credential = models.ForeignKey(
        "certificates.Credential",
        models.PROTECT,
        related_name="log_entries",
        verbose_name=_("certificate"),
    )
    kind = models.CharField(_("kind"), max_length=6, choices=EntryKind)
    # Canonical JSON, the bytes whose hash the leaf is: see `services.transparency_log.entry_of`.
    content = models.TextField(_("content"))
    leaf_hash = models.BinaryField(max_length=32)
    at = models.DateTimeField(_("appended at"))

    class Meta:
        ordering = ("position",)
        verbose_name = _("log entry")
        verbose_name_plural = _("log entries")

    def __str__(self) -> str:
        return str(self.position)


class LogNode(models.Model):
    """The root of a complete subtree: the leaves `position * 2**level` up to `(position + 1) * 2**level - 1`."""

    pk = models.CompositePrimaryKey("level", "position")
    level = models.PositiveSmallIntegerField()
    position = models.PositiveBigIntegerField()
    hash = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"{self.level}/{self.position}"


class LogCheckpoint(models.Model):
    """Size and root of the log at the end of a day, signed (C2SP tlog-checkpoint)."""

    day = models.DateField(_("day"), unique=True)
    size = models.PositiveBigIntegerField(_("size"))
    note = models.TextField(_("signed note"))
    key_id = models.CharField(_("key"), max_length=60)
    signed_at = models.DateTimeField(_("sealed at"))

    class Meta:
        ordering = ("-day",)
        verbose_name = _("checkpoint of the log")
        verbose_name_plural = _("checkpoints of the log")

    def __str__(self) -> str:
        return f"{self.day}: {self.size}"
