"""Certificates in every state: waiting, sent back, in force with and without an end, revoked, suspended by what they follow."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from accounts.enums import RoleName
from accounts.models import User
from certificates.enums import FeeFor, Reason
from certificates.models import CertificateTemplate, Credential, CredentialType, Fee, Proposal, Term
from certificates.services.deciding import approve, reject
from certificates.services.designs import install_designs
from certificates.services.proceedings import decide_revocation, propose_revocation
from certificates.services.proposing import propose, propose_on_prerequisite
from certificates.services.rules import set_issuing_rule
from certificates.services.withdrawing import withdraw_proposal
from courses.clauses import Clauses, Score
from courses.models import Cohort
from lms.demo.clock import at, moment
from lms.demo.fees import pay_fees
from lms.demo.people import DemoPeople
from lms.demo.security_paper import sheets_of_the_center

_SIGNATORY = {
    "signatory_ar": "د. سوسن عبد العزيز راشد",
    "signatory_en": "Dr. Sawsan Abdelaziz Rashed",
    "signatory_title_ar": "رئيس الإدارة المركزية للتدريب المهني",
    "signatory_title_en": "Head of the Central Department of Vocational Training",
}
# By kind of certificate: months of validity and the fee in pounds. Completion is for ever and free.
_TERMS = {"skill-level": 60, "licence": 36}
_FEES = {"skill-level": Decimal(120), "licence": Decimal(200)}
SCORE_PERCENT = 60


@transaction.atomic
def certificate_template(cast: DemoPeople, built_in: str = "completion") -> CertificateTemplate:
    """The newest built-in design of a kind; all of them are installed, signed and published once."""
    install_designs(by=cast.admin)
    for template in CertificateTemplate.objects.exclude(built_in="").filter(live=False):
        for field, value in _SIGNATORY.items():
            setattr(template, field, value)
        template.save_revision(user=cast.admin).publish(user=cast.admin)
    found = (
        CertificateTemplate.objects.filter(built_in__startswith=f"{built_in}-").order_by("built_in").last()
    )
    return found or CertificateTemplate.objects.get(built_in=built_in)


@transaction.atomic
def set_rules(cast: DemoPeople) -> None:
    """What the ministry decided before the first certificate: how long each kind holds, its fee, a score for a level."""
    ministry = cast.login(RoleName.MINISTRY_OFFICER)
    with at(moment(-200, 10)):
        since = timezone.localdate()
        for code, months in _TERMS.items():
            type_ = CredentialType.objects.get(code=code)
            if type_.terms.exists():
                continue
            term = Term.objects.create(type=type_, months=months, since=since)
            fee = Fee.objects.create(type=type_, due_for=FeeFor.ISSUE, amount=_FEES[code], since=since)
            for row in (term, fee):
                log(row, "wagtail.create", user=ministry)
        skill = CredentialType.objects.get(code="skill-level")
        if not any(rule.asks.score.percent for rule in skill.rules.all()):
            set_issuing_rule(
                type_id=skill.pk,
                asks=Clauses(score=Score(SCORE_PERCENT)),
                identity_document=True,
                by=ministry,
            )


@transaction.atomic
def build_certificates(cast: DemoPeople, cohorts: Mapping[str, Cohort]) -> None:
    """Everything certificates went through since the first cohort closed. Built once, whole."""
    if Proposal.objects.filter(cohort=cohorts["past_electrical"]).exists():
        return
    completion, skill = certificate_template(cast), certificate_template(cast, "skill_level")
    _issue(cast, cohorts["past_networks"], "completion", completion, day=-98)
    *_in_force, last = _issue(cast, cohorts["past_electrical"], "completion", completion, day=-50)
    levels = _issue(cast, cohorts["past_electrical"], "skill-level", skill, day=-46, unpaid=2)
    license_holders(cast, levels[:3], day=-40)
    _revoke(
        cast,
        last,
        reason=Reason.ISSUED_IN_ERROR,
        note="صدر الاسم الرابع مخالفا لبطاقة الرقم القومي",
        day=-30,
    )
    # The license that follows is suspended, not revoked: another decision.
    _revoke(
        cast,
        levels[0],
        reason=Reason.CONDITIONS_NOT_MET,
        note="أعيد تصحيح الاختبار العملي فلم يبلغ درجة النجاح",
        day=-6,
        cascade=False,
    )
    _wait(cast, cohorts["past_welding"], completion)
    sheets_of_the_center(cast, cohorts["past_electrical"].center)


def _revoke(
    cast: DemoPeople, credential: Credential, *, reason: Reason, note: str, day: int, cascade: bool = True
) -> None:
    """An officer of the ministry proposes it, its holder is heard, and another one decides on that day."""
    with at(moment(day - 16, 12)):
        propose_revocation(
            credential_id=credential.pk,
            reason=reason,
            note=note,
            by=cast.login(RoleName.MINISTRY_OFFICER),
            cascade=cascade,
        )
    with at(moment(day, 12)):
        decide_revocation(credential_id=credential.pk, note=note, by=cast.officer)


def license_holders(cast: DemoPeople, prerequisites: Sequence[Credential], *, day: int) -> list[Credential]:
    """Licenses on certificates of one center, proposed on that day and approved two days later."""
    with at(moment(day, 10)):
        proposal = propose_on_prerequisite(
            type_id=CredentialType.objects.get(code="licence").pk,
            prerequisite_ids=[prerequisite.pk for prerequisite in prerequisites],
            template_id=certificate_template(cast, "licence_card").pk,
            by=cast.working_at(RoleName.CENTER_MANAGER, prerequisites[0].center.code),
        )
    pay_fees(cast, proposal, at_=moment(day + 1, 11))
    return _approve(proposal, by=cast.officer, day=day + 2)


def _issue(
    cast: DemoPeople, cohort: Cohort, kind: str, template: CertificateTemplate, *, day: int, unpaid: int = 0
) -> list[Credential]:
    proposal = _propose(cast, cohort, kind, template, at_=moment(day, 10))
    pay_fees(cast, proposal, at_=moment(day + 1, 11), but=unpaid)
    return _approve(proposal, by=cast.officer, day=day + 2)


def _propose(
    cast: DemoPeople, cohort: Cohort, kind: str, template: CertificateTemplate, *, at_: dt.datetime
) -> Proposal:
    with at(at_):
        return propose(
            cohort_id=cohort.pk,
            type_id=CredentialType.objects.get(code=kind).pk,
            template_id=template.pk,
            by=cast.working_at(RoleName.CENTER_MANAGER, cohort.center.code),
        )


def _approve(proposal: Proposal, *, by: User, day: int) -> list[Credential]:
    with at(moment(day, 13)):
        return approve(proposal_id=proposal.pk, by=by, confirmed_at=timezone.now())


def _wait(cast: DemoPeople, cohort: Cohort, template: CertificateTemplate) -> None:
    """Proposed and taken back by the center, proposed and sent back by its officer, and proposed again: that one waits."""
    early = _propose(cast, cohort, "completion", template, at_=moment(-10, 10))
    with at(moment(-10, 12)):
        withdraw_proposal(
            proposal_id=early.pk,
            reason="بقي إدخال درجة أحد المتدربين",
            by=cast.working_at(RoleName.CENTER_MANAGER, cohort.center.code),
        )
    returned = _propose(cast, cohort, "completion", template, at_=moment(-9, 10))
    with at(moment(-7, 12)):
        reject(
            proposal_id=returned.pk,
            reason="راجعوا كتابة الأسماء باللاتينية كما في جوازات السفر، ثم قدموا الطلب مرة أخرى",
            by=cast.working_at(RoleName.CERTIFYING_OFFICER, cohort.center.code),
        )
    _propose(cast, cohort, "completion", template, at_=moment(-2, 10))
