"""The audit trail: one row for every row that Wagtail's log registry writes, of models and of pages alike."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import get_active_log_context
from wagtail.models import ModelLogEntry, Page, PageLogEntry
from wagtail.models.audit_log import BaseLogEntryManager, ModelLogEntryManager
from wagtail.models.pages import PageLogEntryManager

from accounts.audit.capacity import acts_needed, lender_behind
from accounts.audit.context import current_address
from accounts.audit.digests import commitment_to, digest_of, new_salt
from accounts.enums import MembershipScope
from accounts.models.content import ContentOwner
from accounts.models.places import Center

# Any number that nothing else locks. Shared by transactions that write rows, exclusive to the one that seals them.
SEALING_LOCK = 7_215_304

# The keys of the center and of the person that a row belongs to.
type Places = tuple[int | None, int | None]


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    def with_contents(self) -> "AuditEntryQuerySet":
        """Join Wagtail's rows, which hold the label and the data."""
        return self.select_related("model_entry", "page_entry")

    def enter(
        self, log_entry: ModelLogEntry | PageLogEntry, *, instance: Any, at: dt.datetime | None = None
    ) -> "AuditEntry":
        """Write the row for what Wagtail's registry has just logged about `instance`. Needs a transaction.

        `instance` is None where the row is gone. `at` is now, except for rows that were logged before there was a trail.
        """
        places = _places_of(instance, log_entry.data) if instance is not None else (None, None)
        acted_for = None if at else _acted_for(log_entry, places, instance)
        entry = self._entry(_next_numbers(1)[0], log_entry, places, acted_for, at=at)
        entry.save(force_insert=True)
        return entry

    def enter_many(self, log_entries: Sequence[ModelLogEntry], *, places: Sequence[Places]) -> None:
        """The same for many rows of the log, in three statements; `places` are those of the logged rows, in order."""
        numbers = _next_numbers(len(log_entries))
        acted_for = [_acted_for(*pair, None) for pair in zip(log_entries, places, strict=True)]
        rows = zip(numbers, log_entries, places, acted_for, strict=True)
        AuditEntry.objects.bulk_create(self._entry(*row, at=None) for row in rows)

    def _entry(
        self,
        number: int,
        log_entry: ModelLogEntry | PageLogEntry,
        places: Places,
        acted_for: int | None,
        *,
        at: dt.datetime | None,
    ) -> "AuditEntry":
        center, person = places
        address = None if at else current_address()
        is_page = isinstance(log_entry, PageLogEntry)
        entry = self.model(
            pk=number,
            model_entry_id=None if is_page else log_entry.pk,
            page_entry_id=log_entry.pk if is_page else None,
            at=at or timezone.now(),
            action=log_entry.action,
            by_id=log_entry.user_id,
            acted_for_id=acted_for,
            kind_id=log_entry.content_type_id,
            object_id=str(log_entry.object_id),
            person_id=person,
            center_id=center,
            address=address,
            address_salt=new_salt() if address else "",
            salt=new_salt(),
        )
        if address:
            entry.address_commitment = entry.commitment_to_address()
        entry.commitment = entry.commitment_to(log_entry)
        entry.digest = entry.digest_with(log_entry)
        return entry


class AuditEntry(models.Model):
    """Who did what to which row, when and from where, with a digest over all of it.

    Label and data are in Wagtail's row only, so that they are erased in one place.
    """

    center_path = "center"
    person_path = "person"

    model_entry = models.OneToOneField(
        "wagtailcore.ModelLogEntry", models.PROTECT, null=True, related_name="audited", editable=False
    )
    page_entry = models.OneToOneField(
        "wagtailcore.PageLogEntry", models.PROTECT, null=True, related_name="audited", editable=False
    )
    at = models.DateTimeField(_("when"), db_index=True)
    action = models.CharField(_("what"), max_length=255)
    # As in Wagtail's rows, the keys of people and places outlive them.
    by = models.ForeignKey(
        "accounts.User",
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name=_("who"),
    )
    # The colleague whose deputy it was.
    acted_for = models.ForeignKey(
        "accounts.User",
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name=_("for whom"),
    )
    kind = models.ForeignKey(
        "contenttypes.ContentType", models.PROTECT, null=True, db_index=False, related_name="+"
    )
    object_id = models.CharField(max_length=255)
    person = models.ForeignKey(
        "accounts.Person",
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name=_("about whom"),
    )
    center = models.ForeignKey(
        "accounts.Center",
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name=_("center"),
    )
    address = models.GenericIPAddressField(_("address"), null=True)
    # Empty once the address expired, or where there was none.
    address_salt = models.CharField(max_length=32, blank=True)
    address_commitment = models.CharField(max_length=64, blank=True)
    # Empty once label and data were erased.
    salt = models.CharField(max_length=32, blank=True)
    commitment = models.CharField(max_length=64)
    erased_at = models.DateTimeField(_("erased"), null=True)
    digest = models.CharField(max_length=64, unique=True)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("row of the audit trail")
        verbose_name_plural = _("audit trail")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(model_entry__isnull=True) ^ models.Q(page_entry__isnull=True),
                name="audit_entry_is_about_one_log_entry",
            ),
        )
        indexes = (
            models.Index(fields=("action", "-id"), name="audit_by_action"),
            models.Index(fields=("by", "-id"), name="audit_by_login"),
            models.Index(fields=("person", "-id"), name="audit_by_person"),
            models.Index(fields=("center", "-id"), name="audit_by_center"),
            models.Index(fields=("kind", "object_id", "-id"), name="audit_by_row"),
        )

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def log_entry(self) -> ModelLogEntry | PageLogEntry | None:
        """Wagtail's row with label and data. None where it was removed, which no code does."""
        return self.model_entry or self.page_entry

    def commitment_to(self, log_entry: ModelLogEntry | PageLogEntry) -> str:
        return commitment_to([log_entry.label, log_entry.data], salt=self.salt)

    def commitment_to_address(self) -> str:
        return commitment_to(self.address, salt=self.address_salt)

    def digest_with(self, log_entry: ModelLogEntry | PageLogEntry, *, number: int | None = None) -> str:
        """The digest over this row and Wagtail's; `number` asks what it would be in the place of another row."""
        content = {
            "number": self.pk if number is None else number,
            "log": "model" if self.model_entry_id else "page",
            "log_number": self.model_entry_id or self.page_entry_id,
            "at": _moment(self.at),
            "action": self.action,
            "by": self.by_id,
            "kind": self.kind_id,
            "object": self.object_id,
            "person": self.person_id,
            "center": self.center_id,
            "address": self.address_commitment,
            "words": self.commitment,
            "shown": [
                log_entry.action,
                _moment(log_entry.timestamp),
                log_entry.user_id,
                log_entry.content_type_id,
                str(log_entry.object_id),
                log_entry.uuid and str(log_entry.uuid),
                log_entry.revision_id,
                log_entry.content_changed,
                log_entry.deleted,
            ],
        }
        # Not in the digest of rows from before there were deputies.
        if self.acted_for_id is not None:
            content["for"] = self.acted_for_id
        return digest_of("row", content)


class AuditSeal(models.Model):
    """The rows of a day, closed. The next seal covers the digest of this one, so that no day can be taken out.

    A day ends with a row, not with a clock: `rows` are those after the seal before, up to the last one written in the day.
    """

    day = models.DateField(_("day"), unique=True)
    rows = ArrayField(models.BigIntegerField())
    through = models.BigIntegerField(db_index=True)
    rows_digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64, blank=True)
    sealed_at = models.DateTimeField()
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ("day",)
        verbose_name = _("seal of a day")
        verbose_name_plural = _("seals of days")

    def __str__(self) -> str:
        return f"{self.day.isoformat()} {self.digest}"

    def own_digest(self) -> str:
        content = [
            self.day.isoformat(),
            self.rows,
            self.through,
            self.rows_digest,
            self.previous,
            _moment(self.sealed_at),
        ]
        return digest_of("seal", content)


class AuditingManager(BaseLogEntryManager):
    """Mixed into a manager of Wagtail's: what it logs is entered in the trail, in the same transaction."""

    @transaction.atomic
    def log_action(self, instance: Any, action: str, **kwargs: Any) -> Any:
        log_entry = super().log_action(instance, action, **kwargs)
        AuditEntry.objects.enter(log_entry, instance=instance)
        return log_entry


class AuditedModelLogEntryManager(AuditingManager, ModelLogEntryManager):
    """Of rows about models."""

    @transaction.atomic
    def log_many(
        self, rows: Sequence[tuple[models.Model, dict[str, Any], Places]], action: str, *, user: Any
    ) -> None:
        """Log one action about many rows of one model: each with its data, and the keys of its center and its person.

        As `log` does, in the name of the login of the request where `user` is None.
        """
        if not rows:
            return
        kind = ContentType.objects.get_for_model(rows[0][0], for_concrete_model=False)
        now = timezone.now()
        context = get_active_log_context()
        log_entries = self.bulk_create(
            self.model(
                content_type=kind,
                object_id=str(row.pk),
                label=self.get_instance_title(row),
                action=action,
                timestamp=now,
                data=data,
                user=user or context.user,
                uuid=context.uuid,
                content_changed=False,
                deleted=False,
            )
            for row, data, _places in rows
        )
        AuditEntry.objects.enter_many(log_entries, places=[places for _row, _data, places in rows])


class AuditedModelLogEntry(ModelLogEntry):
    """Wagtail's row about a model, entered in the trail. Registered in the place of `ModelLogEntry`."""

    objects: ClassVar[Any] = AuditedModelLogEntryManager()

    class Meta:
        proxy = True
        verbose_name = _("entry of the log")
        verbose_name_plural = _("entries of the log")


class AuditedPageLogEntryManager(AuditingManager, PageLogEntryManager):
    """Of rows about pages."""


class AuditedPageLogEntry(PageLogEntry):
    """Wagtail's row about a page, entered in the trail. Registered in the place of `PageLogEntry`."""

    objects: ClassVar[Any] = AuditedPageLogEntryManager()

    class Meta:
        proxy = True
        verbose_name = _("entry of the log of pages")
        verbose_name_plural = _("entries of the log of pages")


def _next_numbers(count: int) -> list[int]:
    """The numbers of the next rows, taken under the lock that sealing waits for: no row comes into a sealed day."""
    with connection.cursor() as cursor:
        # What is read from comes first: the lock, then the number.
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('accounts_auditentry', 'id'))"
            " FROM pg_advisory_xact_lock_shared(%s), generate_series(1, %s)",
            [SEALING_LOCK, count],
        )
        return [int(number) for (number,) in cursor.fetchall()]


def _acted_for(log_entry: ModelLogEntry | PageLogEntry, places: Places, instance: Any) -> int | None:
    """For whom its login acted as a deputy, in the place of the row; None for who acted in their own name. Asks nothing of who is no deputy."""
    by = log_entry.user
    kind = log_entry.content_type
    model = kind.model_class() if kind else None
    is_page = model is not None and issubclass(model, Page)
    label = "wagtailcore.Page" if is_page else model._meta.label if model else ""
    needed = acts_needed(log_entry.action, label=label, data=log_entry.data)
    if by is None or not needed or places[1] == by.person_id is not None:
        return None
    held = by.held_today()
    if all(role.lender is None for role in held):
        return None
    center = places[0] or (_owner_of(instance) if isinstance(instance, Page) else None)
    is_asked = center and any(role.scope == MembershipScope.GOVERNORATE for role in held)
    governorate = _governorate_of(center) if center and is_asked else 0
    return lender_behind(
        held,
        needed,
        is_there=lambda role: center is None or role.covers(center=center, governorate=governorate),
    )


def _owner_of(page: Page) -> int | None:
    """The key of the center that writes a page."""
    keys = page.get_ancestors(inclusive=True).values("translation_key")
    owners = ContentOwner.objects.filter(translation_key__in=keys)
    center: int | None = owners.values_list("center", flat=True).first()
    return center


def _governorate_of(center: int) -> int:
    return int(Center.objects.values_list("governorate", flat=True).get(pk=center))


def _moment(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat(timespec="microseconds")


def _places_of(instance: Any, data: Any) -> Places:
    """The keys of the center and of the person that the logged row leads to, by its `center_path` and `person_path`.

    What the data say goes first: `center`, and a person by their key (`person`) or login (`subject`).
    """
    center, person = data.get("center"), _person_of(data)
    # A lazy `request.user` says its real class only this way.
    model = instance.__class__
    center_path = None if center else getattr(model, "center_path", None)
    person_path = None if person else getattr(model, "person_path", None)
    center = center or (_key(instance, center_path) if center_path else None)
    person = person or (_key(instance, person_path) if person_path else None)
    return center, person


def _person_of(data: Any) -> int | None:
    if data.get("person"):
        return int(data["person"])
    login = data.get("subject")
    return _key_of_login(login) if login else None


def _key_of_login(login: int) -> int | None:
    from_logins = AuditEntry._meta.get_field("by").related_model
    key: int | None = from_logins._default_manager.filter(pk=login).values_list("person", flat=True).first()
    return key


def _key(instance: Any, path: str) -> int | None:
    """What `path` leads to; None where it leads to several."""
    first, _dot, rest = path.partition("__")
    if path == "pk":
        return int(instance.pk)
    field = instance._meta.get_field(first)
    if not rest and field.concrete and field.is_relation and not field.many_to_many:
        key: int | None = getattr(instance, field.attname)
        return key
    rows = instance.__class__._default_manager.filter(pk=instance.pk)
    found = list(rows.order_by().values_list(path, flat=True).distinct()[:2])
    return found[0] if len(found) == 1 else None
