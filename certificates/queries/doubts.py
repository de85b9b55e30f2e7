"""Doubts of certificates in force: causes of their own, and those of the certificates that they are based on.

Each cause is read from records or is a row, and is lifted by itself. The public page says no more than that the certificate is being checked.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce

from certificates.enums import (
    CONFIRMED_CAUSES,
    LIVE_STATES,
    WITHDRAWN_STATES,
    WITHOUT_SUPPLEMENT,
    CredentialKind,
    CredentialState,
    DoubtCause,
    ProceedingState,
)
from certificates.models import Credential, CredentialDoubt, IssuingRule, Proceeding, Proposal
from certificates.models.credentials import CredentialQuerySet
from certificates.queries.evidence import missing_evidence, newest_eligibilities
from courses.models import Eligibility, Enrollment
from courses.queries.doubts import in_doubt

# Of certificates that are based on others, and of replacements: more than any rule of the ministry asks for.
MOST_STEPS = 8
_NAMES = ("name_ar", "name_en")
# What a certificate without an enrollment has from the one it is based on.
FACTS_OF_BASIS = (
    "program_ar", "program_en", "program_code", "occupation_code", "level", "level_ar", "level_en", "hours",
    "center_ar", "center_en", "governorate_ar", "governorate_en", "cohort", "starts_on", "ends_on", "completed_on",
)  # fmt: skip


@dataclass(frozen=True)
class Doubt:
    """One cause. `credential` is whose cause it is: the certificate that was asked about, or one that it is based on.

    `about` tells the cause from a later one of its kind; `detail` are names and numbers.
    """

    cause: DoubtCause
    credential: Credential
    about: str = ""
    detail: str = ""

    @property
    def is_confirmed_here(self) -> bool:
        """Whether an officer lifts it on the page of the certificate."""
        return self.cause in CONFIRMED_CAUSES


def doubts_of(credentials: Iterable[Credential]) -> dict[int, list[Doubt]]:
    """The doubts of those that are in force or suspended, by key; no entry for one in no doubt.

    As many queries for many as for one: some for each step of what is based on what, and at most six.
    """
    asked = {one.pk: one for one in credentials if one.is_live}
    papers, bases = dict(asked), defaultdict[int, dict[str, Credential]](dict)
    added = list(asked.values())
    for _step in range(MOST_STEPS):
        found = _bases_of(added)
        for pk, of_one in found.items():
            bases[pk] |= of_one
        added = list(
            {
                one.pk: one for of_one in found.values() for one in of_one.values() if one.pk not in papers
            }.values()
        )
        papers |= {one.pk: one for one in added}
        if not added:
            break
    own = _own_doubts([one for one in papers.values() if one.is_live], bases)
    doubts = {pk: [doubt for key in _reached(pk, bases) for doubt in own[key]] for pk in asked}
    return {pk: of_one for pk, of_one in doubts.items() if of_one}


def is_in_doubt(credential: Credential) -> bool:
    return bool(doubts_of([credential]))


def numbers_in_doubt(numbers: Iterable[str]) -> set[str]:
    """Those of the numbers of certificates that are in doubt."""
    asked = set(numbers)
    if not asked:
        return set()
    credentials = list(Credential.objects.live().filter(number__in=asked))
    doubts = doubts_of(credentials)
    return {one.number for one in credentials if one.pk in doubts}


def credentials_in_doubt(credentials: QuerySet[Credential]) -> dict[int, list[Doubt]]:
    """The doubts of those of `credentials` that are in doubt, by key."""
    return doubts_of(_candidates(credentials.filter(state__in=LIVE_STATES)))


def not_in_doubt(credentials: CredentialQuerySet) -> CredentialQuerySet:
    return credentials.exclude(pk__in=credentials_in_doubt(credentials))


def _reached(pk: int, bases: Mapping[int, Mapping[str, Credential]]) -> list[int]:
    """The key of a certificate, and those of all that it is based on."""
    keys, asked = [pk], [pk]
    while asked:
        asked = [one.pk for key in asked for one in bases.get(key, {}).values() if one.pk not in keys]
        keys += asked
    return keys


def _bases_of(credentials: Iterable[Credential]) -> dict[int, dict[str, Credential]]:
    """What each is based on by its number, as replaced by now. A supplement from before supplements named their certificate is based on
    the certificates of its enrollment.
    """
    credentials = list(credentials)
    newest = newest_versions(one.claims["basis"] for one in credentials if one.claims.get("basis"))
    bases = {
        one.pk: {one.claims["basis"]: newest[one.claims["basis"]]}
        for one in credentials
        if one.claims.get("basis") in newest
    }
    unnamed = {one.enrollment_id: one.pk for one in credentials if is_unnamed_supplement(one)}
    if unnamed:
        for basis in certificates_with_supplements().filter(enrollment__in=unnamed).order_by("pk"):
            # The newest: an earlier one was replaced or ended.
            bases[unnamed[basis.enrollment_id]] = {basis.number: basis}
    return bases


def newest_versions(numbers: Iterable[str]) -> dict[str, Credential]:
    """The certificates with these numbers, or those that replaced them. One query for each in the longest chain of replacements."""
    asked = {number: {number} for number in numbers}
    newest: dict[str, Credential] = {}
    for _step in range(MOST_STEPS):
        if not asked:
            break
        found = Credential.objects.filter(number__in=asked).select_related("superseded_by", "renewed_by")
        following: dict[str, set[str]] = {}
        for credential in found:
            newest |= dict.fromkeys(asked[credential.number], credential)
            after = getattr(credential, "superseded_by", None) or getattr(credential, "renewed_by", None)
            if after:
                following[after.number] = asked[credential.number]
        asked = following
    return newest


def is_unnamed_supplement(credential: Credential) -> bool:
    return (
        credential.kind == CredentialKind.SUPPLEMENT
        and credential.enrollment_id is not None
        and not credential.claims.get("basis")
    )


def certificates_with_supplements() -> CredentialQuerySet:
    """Certificates of the kinds that a supplement may belong to."""
    return Credential.objects.exclude(kind__in=WITHOUT_SUPPLEMENT)


def _own_doubts(
    papers: list[Credential], bases: Mapping[int, Mapping[str, Credential]]
) -> dict[int, list[Doubt]]:
    found: dict[int, list[Doubt]] = defaultdict(list)
    rows = list(CredentialDoubt.objects.filter(credential__in=papers)) if papers else []
    lifted = {(row.credential_id, row.cause, row.about) for row in rows if row.lifted_at}
    recorded: dict[int, list[CredentialDoubt]] = defaultdict(list)
    for row in rows:
        if row.lifted_at is None:
            recorded[row.credential_id].append(row)
    for source in (_of_evidence(papers, bases), _of_bases(papers, bases), _of_proceedings(papers)):
        for doubt in source:
            if (doubt.credential.pk, doubt.cause, doubt.about) not in lifted:
                found[doubt.credential.pk].append(doubt)
    for paper in papers:
        found[paper.pk] += [
            Doubt(DoubtCause(row.cause), paper, row.about, row.detail) for row in recorded[paper.pk]
        ]
    return found


def _of_evidence(papers: list[Credential], bases: Mapping[int, Mapping[str, Credential]]) -> Iterator[Doubt]:
    """Completions in doubt, and rules of issuing that the newest evaluation does not meet."""
    studied = {
        paper.pk: paper.enrollment_id
        or next((one.enrollment_id for one in bases.get(paper.pk, {}).values()), None)
        for paper in papers
    }
    enrollments = {key for key in studied.values() if key}
    if not enrollments:
        return
    doubted = set(in_doubt(Enrollment.objects.filter(pk__in=enrollments)).values_list("pk", flat=True))
    evaluated = newest_eligibilities(enrollments)
    rules = _rules_of([paper for paper in papers if studied[paper.pk] in evaluated])
    for paper in papers:
        rule = rules.get(paper.pk)
        if paper.enrollment_id in doubted and paper.kind != CredentialKind.ATTENDANCE:
            yield Doubt(DoubtCause.COMPLETION, paper)
        eligibility = evaluated.get(studied[paper.pk] or 0)
        if (
            rule
            and eligibility
            and (missing := [detail for _code, detail in missing_evidence(eligibility, rule)])
        ):
            yield Doubt(DoubtCause.RULE, paper, str(eligibility.pk), " · ".join(missing))


def _rules_of(papers: Iterable[Credential]) -> dict[int, IssuingRule]:
    """The rule under which each was issued: what corrects or renews a certificate has that of the first."""
    firsts = {paper.pk: paper for paper in papers}
    rules: dict[int, IssuingRule] = {}
    for _step in range(MOST_STEPS):
        proposals = Proposal.objects.filter(pk__in={one.proposal_id for one in firsts.values()})
        named = (
            {one.pk: one.rule for one in proposals.select_related("rule__type") if one.rule} if firsts else {}
        )
        rules |= {pk: named[one.proposal_id] for pk, one in firsts.items() if one.proposal_id in named}
        before = {
            pk: one.supersedes_id or one.renews_id
            for pk, one in firsts.items()
            if one.proposal_id not in named
        }
        earlier = Credential.objects.in_bulk({key for key in before.values() if key})
        firsts = {pk: earlier[key] for pk, key in before.items() if key in earlier}
        if not firsts:
            break
    return rules


def _of_bases(papers: list[Credential], bases: Mapping[int, Mapping[str, Credential]]) -> Iterator[Doubt]:
    for paper in papers:
        for number, basis in bases.get(paper.pk, {}).items():
            if basis.state in WITHDRAWN_STATES and paper.state == CredentialState.IN_FORCE:
                about = f"{basis.number} {basis.state}"
                yield Doubt(DoubtCause.PREREQUISITE_WITHDRAWN, paper, about, basis.number)
            elif basis.number != number and differing(paper, basis):
                yield Doubt(DoubtCause.PREREQUISITE_CORRECTED, paper, basis.number, basis.number)


def differing(credential: Credential, basis: Credential) -> list[str]:
    """The names of the claims in which a certificate differs from one that it is based on."""
    names = _NAMES if credential.enrollment_id else (*_NAMES, *FACTS_OF_BASIS)
    said = credential.claims
    return [
        name for name in names if name in said and name in basis.claims and said[name] != basis.claims[name]
    ]


def _of_proceedings(papers: list[Credential]) -> Iterator[Doubt]:
    by_pk = {paper.pk: paper for paper in papers}
    rows = Proceeding.objects.filter(credential__in=papers, state=ProceedingState.OPEN) if papers else ()
    for row in rows:
        yield Doubt(DoubtCause.EXAMINED, by_pk[row.credential_id])


def _candidates(credentials: QuerySet[Credential], steps: int = 2) -> QuerySet[Credential]:
    """Those of `credentials` that may be in doubt: every one that is, and few others. `doubts_of` decides."""
    enrollment = OuterRef("enrollment")
    since = Coalesce(OuterRef("enrollment__completed_at"), OuterRef("proposal__decided_at"))
    may_be = (
        Q(Exists(Eligibility.objects.filter(enrollment=enrollment, evaluated_at__gt=since)))
        | Q(Exists(in_doubt(Enrollment.objects.filter(pk=enrollment)).order_by()))
        | Q(Exists(CredentialDoubt.objects.filter(credential=OuterRef("pk"), lifted_at=None)))
        | Q(Exists(Proceeding.objects.filter(credential=OuterRef("pk"), state=ProceedingState.OPEN)))
        | Q(kind=CredentialKind.SUPPLEMENT, enrollment__isnull=False) & ~Q(claims__has_key="basis")
    )
    if steps:
        bases = Credential.objects.filter(number=OuterRef("basis_number"))
        doubted = _candidates(bases, steps - 1)
        replaced = bases.exclude(state=CredentialState.IN_FORCE)
        may_be |= Q(claims__has_key="basis") & (Q(Exists(doubted)) | Q(Exists(replaced)))
    return credentials.alias(basis_number=KeyTextTransform("basis", "claims")).filter(may_be)
