"""What erasing a person does with the rows of this app: name, documents, contacts, photo, login, notes, messages, requests, merges."""

from functools import partial

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext_lazy as _
from wagtail.admin.models import EditingSession, FormState
from wagtail.models import APIToken
from wagtail.users.models import UserProfile

from accounts.enums import DataRequestState, NoticeState, RecoveryState, RoleName
from accounts.errors import DomainError
from accounts.models import (
    AuditEntry,
    Consent,
    ContactChallenge,
    DataRequest,
    DeclinedNotice,
    Delivery,
    Digest,
    GatheredNotice,
    IdentityDocument,
    LoginNotice,
    Membership,
    MergedRow,
    PasswordRecovery,
    Person,
    PersonMerge,
    PersonNote,
    PersonPhoto,
    RoleOffer,
    RoleRequest,
    SavedView,
    SiteNotice,
    User,
    ViewAs,
)
from accounts.models.data_requests import UNDECIDED
from accounts.services.erasing import (
    register_eraser,
    register_erasure_guard,
    rows_go,
    words_go,
    words_stay,
)
from accounts.services.merge_rules import register_undo_guard
from accounts.services.notice_models import notice_models, path_to_person
from accounts.services.sessions import raise_generation

NOTHING = "–"


class LegalHoldStands(DomainError):
    message = _("Nothing of this person may be erased now, by a legal hold: %(reason)s")


class IsGuardian(DomainError):
    message = _("“%(person)s” is the guardian of “%(ward)s”. Record another guardian there first.")


class WorkedAsStaff(DomainError):
    message = _(
        "“%(person)s” works or worked as staff, and records of what was decided name who did it. End the roles and refuse with this reason."
    )


class ErasedSince(DomainError):
    message = _("A person of this merge was erased, and the list of what moved with it.")


@register_erasure_guard
def legal_hold(person: Person) -> DomainError | None:
    return LegalHoldStands(reason=person.legal_hold) if person.legal_hold else None


@register_erasure_guard
def guardian(person: Person) -> DomainError | None:
    ward = Person.objects.filter(guardian=person).first()
    return IsGuardian(person=person.name, ward=ward.name) if ward else None


@register_erasure_guard
def worked_as_staff(person: Person) -> DomainError | None:
    roles = Membership.objects.filter(user__person=person).exclude(role=RoleName.TRAINEE)
    return WorkedAsStaff(person=person.name) if roles.exists() else None


@register_undo_guard
def erased_since(merge: PersonMerge) -> DomainError | None:
    is_erased = merge.kept.erased_at or merge.duplicate.erased_at
    return ErasedSince() if is_erased else None


@register_eraser
def take_login(person: Person, by: User | None) -> None:
    """The row stays, for what it did in its own records; it opens nothing and names no one."""
    for user in User.objects.select_for_update(of=("self",)).filter(person=person):
        user.username, user.phone, user.email = f"erased-{user.pk}", None, None
        user.display_name, user.is_active, user.last_login = "", False, None
        user.set_unusable_password()
        user.save()
        raise_generation(user)
        for profile in UserProfile.objects.filter(user=user).exclude(avatar=""):
            transaction.on_commit(partial(profile.avatar.storage.delete, profile.avatar.name))
        PasswordRecovery.objects.filter(user=user, state=RecoveryState.ASKED).update(
            state=RecoveryState.LAPSED, decided_at=Now()
        )


@register_eraser
def end_contacts(person: Person, by: User | None) -> None:
    """Codes that were sent to them say the number, too."""
    values = list(person.contacts.values_list("value", flat=True))
    ContactChallenge.objects.filter(value__in=values).delete()
    person.contacts.update(until=Coalesce("until", Now()), value="", is_shared=False, is_disputed=False)


@register_eraser
def drop_messages(person: Person, by: User | None) -> None:
    """What was not sent yet is sent to no one; errors of gateways may name the address."""
    for model in notice_models():
        if not (path := path_to_person(model)):
            continue
        rows = model._base_manager.filter(**{path: person})
        rows.exclude(error="").update(error="")
        rows.filter(state=NoticeState.WAITING).update(state=NoticeState.DROPPED)


@register_eraser
def answer_requests(person: Person, by: User | None) -> None:
    """The one that is being decided gets its own answer afterwards (`accounts.services.data_requests`)."""
    requests = DataRequest.objects.filter(person=person)
    requests.filter(state__in=UNDECIDED).update(
        state=DataRequestState.DONE, decided_at=Now(), decided_by=by, answer=NOTHING
    )
    requests.update(text="", answer=NOTHING)


@register_eraser
def forget_merges(person: Person, by: User | None) -> None:
    """That two records were one stays, for the trail; what moved, with facts of both, goes."""
    for which in ("kept", "duplicate"):
        MergedRow.objects.filter(**{f"merge__{which}": person}).delete()
        merges = PersonMerge.objects.filter(**{which: person})
        merges.update(reason=NOTHING)
        merges.exclude(undone_for="").update(undone_for=NOTHING)


rows_go(IdentityDocument)
rows_go(PersonPhoto)
rows_go(PersonNote)
rows_go(ViewAs)
rows_go(SiteNotice)
rows_go(SiteNotice, of="user__person")
rows_go(DeclinedNotice)
rows_go(GatheredNotice)
rows_go(Digest)
rows_go(RoleOffer, of="user__person")
rows_go(ContactChallenge, of="login__person")
for model_of_login in (
    APIToken,
    Authenticator,
    EditingSession,
    EmailAddress,
    FormState,
    SocialAccount,
    UserProfile,
):
    rows_go(model_of_login, of="user__person")
rows_go(SavedView, of="owner__person")
words_go(Delivery, "network_id", "answer")
words_go(PasswordRecovery, "reason", of="user__person")
words_go(RoleRequest, "reason", of="user__person")
words_go(Membership, "reason", of="user__person")
words_go(LoginNotice, "places", of="user__person")
words_stay(
    Consent,
    "purpose",
    "text_version",
    because=_("To what was agreed and when it was withdrawn has to be shown (law 151/2020)."),
)
words_stay(
    AuditEntry,
    "action",
    because=_(
        "The audit trail is a chain of digests: its rows stay, without any words about the person, so that it still verifies."
    ),
)
