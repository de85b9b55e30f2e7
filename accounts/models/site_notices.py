"""Notices as their receivers read them on the site."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import Language
from accounts.models.logins import User


class SiteNoticeQuerySet(models.QuerySet["SiteNotice"]):
    def of(self, user: User | AnonymousUser) -> "SiteNoticeQuerySet":
        """What this login reads: as its person, and as a login, which it may have been before it had a person."""
        own = Q(user=user.pk)
        person = getattr(user, "person_id", None)
        return self.filter(own | Q(person=person) if person else own)

    def unread(self) -> "SiteNoticeQuerySet":
        return self.filter(read_at=None)


class SiteNotice(models.Model):
    """What one notice says to its receiver, in words that stay as they were: to a person, or to a login without one.

    It is written when the notice is composed (`accounts.services.notices`), whatever else carries it, and also to people without a
    login, who find it when they have one. Deleted after `SITE_NOTICE_DAYS`.
    """

    person_path = "person"

    person = models.ForeignKey(
        "accounts.Person",
        models.PROTECT,
        null=True,
        blank=True,
        # The index of its list begins with it.
        db_index=False,
        related_name="site_notices",
        verbose_name=_("person"),
    )
    user = models.ForeignKey(
        User,
        models.CASCADE,
        null=True,
        blank=True,
        db_index=False,
        related_name="site_notices",
        verbose_name=_("login"),
    )
    # The notice: the label of its model, like `courses.seatnotice`, and its key. A notice has one receiver.
    about = models.CharField(max_length=60)
    notice = models.PositiveBigIntegerField()
    # Of the words, for readers of screens.
    language = models.CharField(_("language"), max_length=2, choices=Language)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))
    # A path of this site; empty where there is nothing to open.
    link = models.CharField(max_length=300, blank=True)
    # The courtesy as which it waits for the daily message, or came with it; empty for what was sent at once.
    topic = models.CharField(max_length=30, blank=True, default="")
    # The daily message that it came with.
    digest = models.ForeignKey(
        "accounts.DigestNotice", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("written at"), default=timezone.now)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)

    objects: Any = SiteNoticeQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("notice on the site")
        verbose_name_plural = _("notices on the site")
        constraints = (
            models.UniqueConstraint(fields=("about", "notice"), name="site_notice_once"),
            models.CheckConstraint(
                condition=Q(person__isnull=True) ^ Q(user__isnull=True), name="site_notice_of_one_receiver"
            ),
        )
        indexes = (
            models.Index(fields=("person", "-id"), name="site_notice_of_person"),
            models.Index(fields=("user", "-id"), name="site_notice_of_login"),
            models.Index(fields=("person",), condition=Q(read_at=None), name="site_notice_unread_person"),
            models.Index(fields=("user",), condition=Q(read_at=None), name="site_notice_unread_login"),
            models.Index(fields=("created_at",), name="site_notice_by_age"),
            models.Index(
                fields=("person",),
                condition=Q(read_at=None, digest=None) & ~Q(topic=""),
                name="site_notice_gathered",
            ),
        )

    def __str__(self) -> str:
        return self.subject
