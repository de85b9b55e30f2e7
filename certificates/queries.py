"""Reads about certificates."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import (
    Count,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, NullIf

from accounts.models import Person, User
from certificates.enums import (
    LIVE_STATES,
    WITHDRAWN_STATES,
    BundleKind,
    CredentialState,
    FeeFor,
    FileKind,
    KeyRole,
    PaperState,
    RowState,
    Source,
    Status,
)
from certificates.models import (
    Artifact,
    CertificateTemplate,
    Copy,
    Credential,
    CredentialType,
    Fee,
    IssuingRule,
    LegacyBatch,
    LegacyPaper,
    Passport,
    Proposal,
    ProposalRow,
    RenderJob,
    ShareLink,
    SigningKey,
    StatusEvent,
    Term,
)
from certificates.models.credentials import CredentialQuerySet
from certificates.sealing import PublishedSeal, SealReading, Trust, fingerprint
from jobs.enums import JobState


def with_papers(credentials: QuerySet[Credential]) -> QuerySet[Credential]:
    """The same certificates, each with `papers` and `drawings`: the file of the original (or its scan) and its job."""
    files = Artifact.objects.filter(kind__in=[FileKind.PAPER, FileKind.SCAN], copy=None)
    drawings = RenderJob.objects.filter(kind=FileKind.PAPER, copy=None)
    return credentials.prefetch_related(
        Prefetch("artifacts", files, to_attr="papers"),
        Prefetch("render_jobs", drawings, to_attr="drawings"),
    )


def original_of(credential: Credential) -> Artifact | None:
    """The file of a certificate's original; None until it is drawn."""
    return credential.artifacts.filter(kind=FileKind.PAPER, copy=None).first()


def card_of(credential: Credential) -> Artifact | None:
    """The card beside a certificate's original; None where its design has none, or until it is drawn."""
    return credential.artifacts.filter(kind=FileKind.CARD, copy=None).first()


def scan_of(credential: Credential) -> Artifact | None:
    """The scan of a certificate that was entered from paper."""
    return credential.artifacts.filter(kind=FileKind.SCAN).first()


def papers_to_check(batch: LegacyBatch, *, by: User) -> QuerySet[LegacyPaper]:
    """Rows without a fault that wait for a second person, where `by` may be that person, in the order of the index."""
    waiting = batch.papers.filter(state=PaperState.TYPED, faults=[]).exclude(typists__contains=[by.pk])
    own = Q(person=by.person_id) if by.person_id else Q(pk=None)
    return waiting.exclude(own).order_by("line")


def copy_file_of(credential: Credential, number: int, kind: FileKind = FileKind.PAPER) -> Artifact | None:
    """The file of a numbered copy, or its card; None until it is drawn, or where there is no such copy."""
    files = credential.artifacts.select_related("copy")
    return files.filter(kind=kind, copy__number=number).first()


def credentials_of(person: Person | int) -> QuerySet[Credential]:
    """The certificates of a person (or of the key of one), newest first, with what a list needs."""
    return with_papers(Credential.objects.filter(holder=person).select_related("type"))


# --- Terms, fees and what follows from a certificate ----------------------------------------------------------------


def _in_effect[M: (Term, Fee)](
    rows: QuerySet[M], *, level: str | OuterRef | None, day: dt.date
) -> QuerySet[M]:
    """The rows for a level that were in effect on a day; the first counts: for the level before for all, then the newest."""
    mine = Q(level__isnull=True) | Q(level=level)
    return rows.filter(mine, since__lte=day).order_by(F("level").asc(nulls_last=True), "-since")


def term_of(type_: CredentialType, *, level: str | None, day: dt.date) -> int | None:
    """For how many months a certificate issued on `day` is valid; None for ever."""
    term = _in_effect(type_.terms.all(), level=level, day=day).first()
    return term.months if term else None


def fee_due(type_: CredentialType, due_for: FeeFor, *, level: str | None, day: dt.date) -> Decimal:
    """What an issue, a copy or a renewal costs on `day`, in Egyptian pounds."""
    fee = _in_effect(type_.fees.filter(due_for=due_for), level=level, day=day).first()
    return fee.amount if fee else Decimal(0)


def renewable(credentials: CredentialQuerySet, *, day: dt.date) -> CredentialQuerySet:
    """Those that may be renewed on `day`: their term says from when. It does not say until when: people come late."""
    terms = _in_effect(Term.objects.filter(type=OuterRef("type")), level=OuterRef("level"), day=day)
    return (
        credentials.filter(state=CredentialState.IN_FORCE, source=Source.ISSUED)
        .alias(
            level=KeyTextTransform("level", "facts"),
            days=Subquery(terms.values("renewable_days")[:1]),
            opens=ExpressionWrapper(F("valid_until") - F("days"), output_field=DateField()),
        )
        .filter(days__gt=0, opens__lte=day)
    )


def renewable_types() -> QuerySet[CredentialType]:
    """Kinds of which some may be renewed."""
    return CredentialType.objects.filter(
        Exists(Term.objects.filter(type=OuterRef("pk"), renewable_days__gt=0))
    )


def _rows_about_it() -> QuerySet[ProposalRow]:
    """Rows of undecided proposals that would replace the certificate of the query around them."""
    about = Q(renews=OuterRef("pk")) | Q(corrects=OuterRef("pk")) | Q(enrollment=OuterRef("enrollment"))
    return ProposalRow.objects.filter(about, type=OuterRef("type"), state=RowState.ELIGIBLE)


def awaiting_a_decision(credentials: CredentialQuerySet) -> CredentialQuerySet:
    """Those about whose renewal or correction somebody has to decide."""
    return credentials.filter(Exists(_rows_about_it()))


def with_waiting(credentials: CredentialQuerySet) -> CredentialQuerySet:
    """The same certificates, each with `waiting`: the id of the proposal that somebody has to decide, or None."""
    return credentials.annotate(waiting=Subquery(_rows_about_it().values("proposal")[:1]))


def templates_for(kinds: Iterable[str]) -> QuerySet[CertificateTemplate]:
    """Published templates that can print one of the kinds of certificates."""
    return CertificateTemplate.objects.filter(live=True, kinds__overlap=list(kinds))


def types_on_a_basis(asked: int | None = None) -> QuerySet[CredentialType]:
    """Kinds whose newest rule asks for another certificate, of the kind with the id `asked` if that is given."""
    newest = IssuingRule.objects.filter(type=OuterRef("pk")).order_by("-version")
    types = CredentialType.objects.filter(is_active=True).alias(asked=Subquery(newest.values("basis")[:1]))
    return types.filter(asked__isnull=False) if asked is None else types.filter(asked=asked)


def bases(type_id: int, *, day: dt.date) -> CredentialQuerySet:
    """Certificates of a kind on which another may stand on `day`.

    A paper can be drawn from what they say; one entered from paper may leave things out.
    """
    return Credential.objects.valid_on(day).filter(type=type_id, facts__has_keys=["hours", "completed_on"])


def withdrawn_bases(
    rows: Iterable[Mapping[str, Any]], *, from_: QuerySet[Credential] | None = None
) -> set[str]:
    """The numbers of certificates that facts are based on and that are revoked or suspended, they or what took their place.

    One query for each certificate in the longest chain of successors, in the rows `from_`.
    """
    register = Credential.objects.all() if from_ is None else from_
    asked = {facts["basis"]: facts["basis"] for facts in rows if facts.get("basis")}
    withdrawn: set[str] = set()
    while asked:
        found = register.filter(number__in=asked).order_by("pk")
        successors: dict[str, str] = {}
        for number, state, *next_numbers in found.values_list(
            "number", "state", "superseded_by__number", "renewed_by__number"
        ):
            if state in WITHDRAWN_STATES:
                withdrawn.add(asked[number])
            successors |= {successor: asked[number] for successor in next_numbers if successor}
        asked = successors
    return withdrawn


def revocations_of(people: Collection[int], type_: CredentialType) -> dict[int, list[StatusEvent]]:
    """Why certificates of a kind were revoked, by the ids of their holders: who decides about the next one reads it."""
    events = StatusEvent.objects.filter(
        status=Status.REVOKED, credential__type=type_, credential__holder__in=people
    )
    found: dict[int, list[StatusEvent]] = {}
    for event in events.select_related("credential").order_by("at", "pk"):
        found.setdefault(event.credential.holder_id, []).append(event)
    return found


def based_on(credentials: Iterable[Credential]) -> CredentialQuerySet:
    """Live certificates that are based on some, or on those whose place they took."""
    numbers: set[str] = set()
    asked = {one.pk for one in credentials}
    while asked:
        found = Credential.objects.filter(pk__in=asked).values_list("number", "supersedes", "renews")
        asked = set()
        for number, *before in found:
            numbers.add(number)
            asked |= {pk for pk in before if pk}
    # The words of the index.
    with_basis = Credential.objects.live().filter(facts__has_key="basis")
    return with_basis.alias(stands_on=KeyTextTransform("basis", "facts")).filter(stands_on__in=numbers)


# What names the trade of facts: an occupation (ISCO-08; None without) and a program.
_TRADE = {
    "occupation": NullIf(KeyTextTransform("occupation_code", "facts"), Value("", TextField())),
    "program": Coalesce(KeyTextTransform("program_code", "facts"), Value("", TextField())),
}
# Of the trade of the row around are rows of one occupation with it, or of one program. A program may have got its
# occupation between two certificates.
_SAME_TRADE = Q(occupation=OuterRef("occupation")) | Q(program=OuterRef("program"))


def newest_facts(type_: CredentialType, *, program_code: str) -> dict[str, Any] | None:
    """What the newest certificate of a kind and a program says; None where there is none."""
    of_program = Credential.objects.alias(program=KeyTextTransform("program_code", "facts"))
    of_program = of_program.filter(type=type_, program=program_code)
    return of_program.order_by("-pk").values_list("facts", flat=True).first()


def free_bases(type_: CredentialType, *, day: dt.date) -> CredentialQuerySet:
    """Those on which one of the kind `type_` may stand, whose holders neither have nor wait for one of their trade."""
    rule = type_.rules.first()
    if rule is None or rule.basis_id is None:
        return Credential.objects.none()
    live = Credential.objects.live().filter(type=type_, holder=OuterRef("holder"))
    waiting = waiting_rows(type_).filter(person=OuterRef("holder"))
    return (
        bases(rule.basis_id, day=day)
        .alias(**_TRADE)
        .filter(
            ~Exists(live.alias(**_TRADE).filter(_SAME_TRADE)),
            ~Exists(waiting.alias(**_TRADE).filter(_SAME_TRADE)),
        )
    )


def waiting_rows(type_: CredentialType) -> QuerySet[ProposalRow]:
    """Rows of undecided proposals of a kind."""
    return ProposalRow.objects.filter(type=type_, state=RowState.ELIGIBLE)


def successor_of(credential: Credential) -> Credential | None:
    """The certificate that corrected or renewed this one."""
    return Credential.objects.filter(Q(supersedes=credential) | Q(renews=credential)).first()


def published_keys() -> QuerySet[SigningKey]:
    """Every key there ever was, by role, the newest first: whoever holds an old paper needs them."""
    return SigningKey.objects.order_by("role", "-active_from", "-pk")


def active_key(role: KeyRole) -> SigningKey | None:
    """The key that signs for `role` now."""
    return SigningKey.objects.filter(role=role, retired_at__isnull=True).first()


def seal_trust() -> Trust:
    """Whose seals and time stamps we believe: one query. For `sealing.examine`."""
    seals, roots, stolen = [], [], set()
    for key in SigningKey.objects.filter(role__in=[KeyRole.PDF_SEAL, KeyRole.TIMESTAMP]).order_by("-pk"):
        certificate, *chain = key.certificates()
        if key.role == KeyRole.PDF_SEAL:
            seals.append(PublishedSeal(key.key_id, certificate, tuple(chain), key.compromised_at))
        elif key.compromised_at:
            stolen.add(fingerprint(certificate))
        else:
            roots.append((certificate, *chain)[-1])
    return Trust(
        seals=tuple(seals), timestamp_roots=tuple(dict.fromkeys(roots)), stolen_stamps=frozenset(stolen)
    )


def stamp_key_of(reading: SealReading) -> SigningKey | None:
    """The key by which we believe the last time stamp of a file: its own, else one with the same authority above it."""
    keys = list(SigningKey.objects.filter(role=KeyRole.TIMESTAMP, compromised_at=None).order_by("-pk"))
    for place in (0, -1):
        for key in keys:
            if fingerprint(key.certificates()[place]) in reading.stamped_by:
                return key
    return None


@dataclass(frozen=True)
class BatchProgress:
    """How many files of a proposal are drawn, given up, and asked for in all."""

    done: int
    failed: int
    total: int

    @property
    def is_live(self) -> bool:
        return self.done + self.failed < self.total

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0


def batch_progress(proposal: Proposal) -> BatchProgress:
    return BatchProgress(
        **RenderJob.objects.filter(credential__proposal=proposal).aggregate(
            done=Count("pk", filter=Q(state=JobState.DONE)),
            failed=Count("pk", filter=Q(state=JobState.FAILED)),
            total=Count("pk"),
        )
    )


_IN_A_BUNDLE = {
    BundleKind.ZIP: (FileKind.PAPER, FileKind.CARD),
    BundleKind.PRINT: (FileKind.PAPER,),
    BundleKind.CARDS: (FileKind.CARD,),
}


def files_for(kind: BundleKind, proposal: Proposal) -> QuerySet[Artifact]:
    """What a bundle holds: originals of a proposal's certificates that still stand, papers or cards or both."""
    return Artifact.objects.filter(
        credential__proposal=proposal,
        credential__state__in=LIVE_STATES,
        kind__in=_IN_A_BUNDLE[kind],
        copy=None,
    )


# --- The wallet --------------------------------------------------------------------------------------------------


def wallet_of(person: Person | int) -> QuerySet[Credential]:
    """The certificates of a person (or of the key of one) with all that the wallet tells: standing, copies and their files, renewal."""
    cards = Artifact.objects.filter(kind=FileKind.CARD, copy=None)
    of_copies = Artifact.objects.filter(kind__in=[FileKind.PAPER, FileKind.CARD]).order_by("-kind")
    failed = RenderJob.objects.filter(state=JobState.FAILED)
    copies = Copy.objects.prefetch_related(
        Prefetch("artifacts", of_copies), Prefetch("render_jobs", failed, to_attr="failed")
    )
    return with_standing(credentials_of(person)).prefetch_related(
        "type__terms",
        Prefetch("artifacts", cards, to_attr="cards"),
        Prefetch("copies", copies),
    )


def with_standing(credentials: QuerySet[Credential]) -> QuerySet[Credential]:
    """The same certificates, each with what `answer_about` asks for."""
    return credentials.select_related("type", "superseded_by", "renewed_by").prefetch_related("events")


def shareable(person: Person) -> CredentialQuerySet:
    """What a holder may make a link to: every certificate, since its page tells where it stands."""
    return Credential.objects.filter(holder=person).select_related("type")


def for_passport(person: Person) -> CredentialQuerySet:
    """What may stand in a skills passport: what is in force, expired or not."""
    return shareable(person).filter(state=CredentialState.IN_FORCE)


def shown_by(link: ShareLink) -> QuerySet[Credential]:
    """The certificates that a link shows, newest first."""
    of_passport = Q(passports=link.passport_id) if link.passport_id else Q(share_links=link)
    return with_papers(with_standing(Credential.objects.filter(of_passport)))


def live_links_of(person: Person) -> QuerySet[ShareLink]:
    """The live links of a person with how often and when they were last followed."""
    return (
        ShareLink.objects.live()
        .filter(holder=person)
        .with_openings()
        .select_related("passport")
        .prefetch_related(Prefetch("credentials", Credential.objects.select_related("type")))
        .order_by("-made_at", "-pk")
    )


def passports_of(person: Person) -> QuerySet[Passport]:
    """The skills passports of a person, newest first."""
    return (
        Passport.objects.filter(holder=person)
        .select_related("consent")
        .annotate(number_of_credentials=Count("credentials"))
        .order_by("-made_at", "-pk")
    )


def has_demo_keys() -> bool:
    """Whether what is sealed now counts nowhere: an active key is one of the demo authority."""
    return SigningKey.objects.filter(is_demo=True, retired_at__isnull=True).exists()
