"""Notices to people, by e-mail or short message."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Value
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.enums import LoginNoticeKind, NoticeState
from accounts.models.contacts import Contact
from accounts.models.courtesies import Courtesy, Needed
from accounts.models.logins import User
from accounts.models.people import Person

# Beyond the cap of short messages (`accounts.services.notices`).
CAP_REACHED = "The short messages of this month are used up."
# Did not arrive, and may be sent again: one beyond the cap is on the site, too, where few look for it.
UNTOLD = models.Q(state__in=(NoticeState.FAILED, NoticeState.UNREACHED)) | models.Q(
    state=NoticeState.SHOWN, error=CAP_REACHED
)


class PersonalNotice(models.Model):
    """Base of notices to one person: written in the transaction of the event, sent once. Each app has its own subclass."""

    # The lookup path to the person, like `center_path` for the center.
    person_path: ClassVar[str]
    # That to the row of the person where `person_path` is another one; empty where it is the same.
    path_to_person: ClassVar[str] = ""
    # What such notices are about, for staff.
    subject: ClassVar[str | Promise]
    # Shown by pages of its own app only: in no list of messages of a person or of the site.
    is_confidential: ClassVar[bool] = False
    # Which kinds may be switched off, and what all others are, with the reason.
    courtesies: ClassVar[tuple[Courtesy, ...]] = ()
    needed: ClassVar[tuple[Needed, ...]] = ()
    # Whether it reaches logins without a record of a person, too, as most of staff have.
    reaches_every_login: ClassVar[bool] = False
    # Whether its receiver reads it on the site, too.
    is_on_site: ClassVar[bool] = True
    # Whether it goes to a mobile number before an e-mail address, where a short message can be sent.
    is_for_a_number: ClassVar[bool] = False

    state = models.CharField(_("state"), max_length=9, choices=NoticeState, default=NoticeState.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    # Earliest time of sending; later after a failure, or while a worker holds the lease.
    due_at = models.DateTimeField(default=timezone.now)
    error = models.CharField(_("error"), max_length=200, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    # The last mail or short message that carried it; purged before the notice is.
    delivery = models.ForeignKey(
        "accounts.Delivery",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("delivery"),
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True

    @property
    def is_untold(self) -> bool:
        """`UNTOLD` of this row."""
        return self.state in (NoticeState.FAILED, NoticeState.UNREACHED) or (
            self.state == NoticeState.SHOWN and self.error == CAP_REACHED
        )

    @property
    def courtesy(self) -> Courtesy | None:
        """As which it may be switched off; None for what its person needs to know."""
        kind = getattr(self, "kind", "")
        return next((one for one in self.courtesies if kind in one.kinds), None)

    @property
    def about(self) -> str:
        """What it says, for staff."""
        kind = getattr(self, "get_kind_display", None)
        return f"{self.subject}: {kind()}" if kind else str(self.subject)

    @property
    def receiver(self) -> Person | User:
        """The person; the login where it is of no person."""
        row: Any = self
        for name in (self.path_to_person or self.person_path).split("__"):
            row = getattr(row, name)
        return row

    @property
    def reader_on_site(self) -> Person | User | None:
        """Whose notices on the site show it; None where no one reads it there."""
        return self.receiver if self.is_on_site else None

    @classmethod
    def login_of(cls, receiver: int) -> User | None:
        """The login of the person whose key `person_path` gives."""
        return User.objects.filter(person=receiver).first()

    @classmethod
    def contacts_of(cls, receiver: int) -> list[Contact]:
        """How that person is reached, besides the login."""
        return Contact.objects.reaching(receiver)

    @classmethod
    def person_of(cls, receiver: int) -> Person:
        """The person, where there is no login to ask."""
        return Person.objects.get(pk=receiver)


class LoginNotice(PersonalNotice):
    """An event of a login, for its holder, who as staff is often not registered as a person."""

    center_path = "user__person__registered_at"
    person_path = "user"
    path_to_person = "user__person"
    subject = _("login")
    reaches_every_login = True
    needed = (
        Needed(_("What was done to your login"), _("it may have been another person")),
        Needed(
            _("As whose deputy you act, and who acts for you"),
            _("rights begin and end with it"),
            is_for_staff=True,
        ),
        Needed(_("Offered roles, and answers to requests about your data"), _("they are your right")),
    )

    user = models.ForeignKey(User, models.CASCADE, related_name="login_notices", verbose_name=_("login"))
    kind = models.CharField(_("kind"), max_length=12, choices=LoginNoticeKind)
    # Where it was done; the ministry's own acts have no center.
    center = models.ForeignKey(
        "accounts.Center", models.PROTECT, null=True, related_name="+", verbose_name=_("center")
    )
    # Of deputies: which one begins or ends.
    deputy = models.ForeignKey(
        "accounts.Deputy",
        models.CASCADE,
        null=True,
        db_index=False,
        related_name="+",
        verbose_name=_("deputy"),
    )
    # Of a hand-over: who has the work now, or had it; how many lines; the codes of some of the cohorts.
    colleague = models.ForeignKey(
        User, models.CASCADE, null=True, db_index=False, related_name="+", verbose_name=_("colleague")
    )
    lines = models.PositiveSmallIntegerField(_("lines"), default=0, db_default=0)
    places = models.JSONField(_("cohorts"), default=list, db_default=Value([], models.JSONField()))

    class Meta:
        ordering = ("pk",)
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = (
            models.UniqueConstraint(fields=("deputy", "kind"), name="login_notice_of_a_deputy_once"),
        )
        indexes = (
            models.Index(
                fields=("due_at",), condition=models.Q(state=NoticeState.WAITING), name="login_notice_waiting"
            ),
            models.Index(fields=("id",), condition=UNTOLD, name="login_notice_untold"),
        )

    def __str__(self) -> str:
        return f"{self.user_id}: {self.kind}"

    @property
    def receiver(self) -> Person | User:
        return self.user.person or self.user

    @classmethod
    def login_of(cls, receiver: int) -> User | None:
        return User.objects.get(pk=receiver)

    @classmethod
    def contacts_of(cls, receiver: int) -> list[Contact]:
        """None: what was done to a login is told where that login is read."""
        return []


class EarlierNumberNotice(PersonalNotice):
    """That a number no longer belongs to an account, for the person who has the phone. Once for each contact that ended."""

    center_path = "contact__person__registered_at"
    person_path = "contact"
    path_to_person = "contact__person"
    subject = _("earlier number")
    # It is for who has the phone.
    is_on_site = False

    contact = models.OneToOneField(Contact, models.PROTECT, related_name="+", verbose_name=_("contact"))

    class Meta:
        ordering = ("pk",)
        verbose_name = _("notice to an earlier number")
        verbose_name_plural = _("notices to earlier numbers")
        indexes = (
            models.Index(
                fields=("due_at",),
                condition=models.Q(state=NoticeState.WAITING),
                name="earlier_number_notice_waiting",
            ),
            models.Index(fields=("id",), condition=UNTOLD, name="earlier_number_notice_untold"),
        )

    def __str__(self) -> str:
        return str(self.contact)

    @classmethod
    def login_of(cls, receiver: int) -> None:
        """None: the login, and what it logs in with, is no longer that number's."""

    @classmethod
    def contacts_of(cls, receiver: int) -> list[Contact]:
        return [Contact.objects.get(pk=receiver)]

    @classmethod
    def person_of(cls, receiver: int) -> Person:
        return Contact.objects.select_related("person").get(pk=receiver).person
