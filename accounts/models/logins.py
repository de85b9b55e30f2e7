"""Logins. A login is not a person: it may be missing, shared or merged later."""

import hashlib
from collections.abc import Iterator
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from accounts.digits import latin_digits
from accounts.enums import Digits, Language
from accounts.models.memberships import HeldRole, in_force_on


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str | None = None, password: str | None = None, **fields: Any) -> "User":
        """Create a login. `password=None` makes one that cannot log in by password; a blank identifier is none."""
        for name in ("phone", "email"):
            fields[name] = fields.get(name) or None
        user = self.model(username=username.lower() if username else None, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(username, password, **{**fields, "is_superuser": True})

    def get_by_natural_key(self, login: str | None) -> "User":
        """Find a login by what it logs in with: the user name, else the phone, else the e-mail."""
        return self.get(models.Q(username=login) | models.Q(phone=login) | models.Q(email=login))


class User(AbstractBaseUser, PermissionsMixin):
    """A login by user name, phone or e-mail: at least one of them, each unique, e-mail never required."""

    # Staff, by the places they work in; a trainee's login is reached by the person.
    center_path = "memberships__center"
    person_path = "person"

    username = models.CharField(_("user name"), max_length=60, unique=True, null=True, blank=True)
    phone = models.CharField(
        _("mobile number"),
        max_length=16,
        unique=True,
        null=True,
        blank=True,
        help_text=_("E.164, e.g. +201012345678."),
    )
    phone_verified = models.BooleanField(default=False)
    email = models.EmailField(_("e-mail"), null=True, blank=True)
    display_name = models.CharField(_("name"), max_length=160, blank=True)
    person = models.OneToOneField(
        "accounts.Person",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="user",
        verbose_name=_("person"),
    )
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.ARABIC)
    # On Arabic pages and in Arabic messages; empty is as the site has them (`DIGITS_STYLE`).
    digits = models.CharField(_("digits"), max_length=4, choices=Digits, blank=True, db_default="")
    is_active = models.BooleanField(_("active"), default=True)
    # Another person knows it, who told it to the holder: every page asks for an own one first.
    password_is_temporary = models.BooleanField(default=False, editable=False)
    # Incremented to end all sessions without a new password: sessions of earlier generations are invalid.
    session_generation = models.PositiveIntegerField(default=0, editable=False)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)

    # Kept by `held_today` once it was asked.
    _held_today: tuple[HeldRole, ...]
    # Of `accounts.scoping.hands.hands_shown`.
    _hands_shown: frozenset[int] | None = None
    # Kept by the policies of `accounts.scoping.content` once they were asked.
    _has_library: bool
    _root_of_pages: Page

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = _("login")
        verbose_name_plural = _("logins")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(username__isnull=False)
                | models.Q(phone__isnull=False)
                | models.Q(email__isnull=False),
                name="user_has_a_way_to_log_in",
                violation_error_message=_("Give a user name, a mobile number or an e-mail address."),
            ),
            # "None" is NULL: a blank is a value, which only one login could have.
            models.CheckConstraint(
                condition=~(models.Q(username="") | models.Q(phone="") | models.Q(email="")),
                name="user_identifiers_are_never_blank",
            ),
            models.UniqueConstraint(Lower("username"), name="user_name_unique_in_any_case"),
            models.UniqueConstraint(Lower("email"), name="user_email_unique"),
        )

    def __str__(self) -> str:
        return self.get_full_name()

    def natural_key(self) -> tuple[str]:
        return (self.username or self.phone or self.email or "",)

    # Keyboards of phones and of desks write different digits, and the dots of a password field hide which.
    def set_password(self, raw_password: str | None) -> None:
        super().set_password(raw_password and latin_digits(raw_password))
        self.password_is_temporary = False

    def set_temporary_password(self, password: str) -> None:
        """Set a password that staff tell to the holder, who then chooses another one."""
        self.set_password(password)
        self.password_is_temporary = True

    def check_password(self, raw_password: str | None) -> bool:
        return super().check_password(raw_password and latin_digits(raw_password))

    async def acheck_password(self, raw_password: str | None) -> bool:
        return await super().acheck_password(raw_password and latin_digits(raw_password))

    def get_session_auth_hash(self) -> str:
        return self._in_this_generation(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        return map(self._in_this_generation, super().get_session_auth_fallback_hash())

    def _in_this_generation(self, keyed: str) -> str:
        if not self.session_generation:
            return keyed
        return hashlib.sha256(f"{self.session_generation}:{keyed}".encode()).hexdigest()

    def held_today(self) -> tuple[HeldRole, ...]:
        """The roles that the holder has today and where, read once for the life of this object: one request."""
        if not self.is_active:
            return ()
        if not hasattr(self, "_held_today"):
            self._held_today = in_force_on(timezone.localdate()).filter(user=self.pk).held()
        return self._held_today

    @property
    def was_opened(self) -> bool:
        """Whether it ever had a password or a session: a login that a list made has neither until its holder comes."""
        return self.has_usable_password() or self.last_login is not None

    @property
    def is_staff(self) -> bool:
        """Django asks this before its own admin, which this site does not install."""
        return self.is_superuser

    def get_full_name(self) -> str:
        return self.display_name or self.username or self.phone or self.email or ""

    def get_short_name(self) -> str:
        return self.get_full_name()
