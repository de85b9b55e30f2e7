"""Designs: frozen with their pictures, and the built-in ones."""

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from accounts.models import Center, Person, User
from certificates.designs import built_in_designs
from certificates.designs.findings import sentence
from certificates.drawing import NEUTRAL, check_printable, design_digest, with_gender
from certificates.errors import (
    DesignChangedSinceShown,
    DesignNoLongerPrintable,
    RowNoLongerPrintable,
    TemplateOfAnotherKind,
    TemplateWithdrawn,
)
from certificates.models import (
    CertificateTemplate,
    CredentialType,
    DesignAsset,
    NumberSeries,
    Proposal,
    ProposalRow,
)
from typesetting import TypesettingError


def design_for(
    proposal: Proposal, rows: Iterable[ProposalRow], *, shown: str | None = None
) -> dict[str, Any]:
    """The current design for certificates about to be numbered; raises unless all of them can be drawn.

    Template and visual identity may have changed since the template was published and the rows were tried. Rows are
    tried again if the design has changed. `shown` is the digest of the design in which the officer saw the
    first certificate. Raises DesignChangedSinceShown, DesignNoLongerPrintable, RowNoLongerPrintable,
    TemplateOfAnotherKind, TemplateWithdrawn.
    """
    template = proposal.template
    if not template.live:
        raise TemplateWithdrawn(template=template)
    check_kind(template, proposal.type)
    frozen = template.frozen()
    if problems := template.findings(frozen).problems:
        raise DesignNoLongerPrintable(template=template, problem=sentence(problems[0]))
    digest = design_digest(frozen.design)
    if shown is not None and shown != digest:
        raise DesignChangedSinceShown(template=template)
    if digest != proposal.design_digest:
        _check_rows(rows, frozen.design, proposal)
    _store_pictures(frozen.assets)
    return frozen.design


def check_kind(template: CertificateTemplate, type_: CredentialType) -> None:
    """Raises TemplateOfAnotherKind unless the template can print certificates of the kind."""
    if type_.kind not in template.kinds:
        raise TemplateOfAnotherKind(template=template, kind=type_.name)


def _check_rows(rows: Iterable[ProposalRow], design: Mapping[str, Any], proposal: Proposal) -> None:
    number = placeholder_number(proposal.center, proposal.type)
    for row in rows:
        try:
            check_printable(
                row.claims, design_for_person(design, row.person), number=number, site=settings.SITE_URL
            )
        except TypesettingError as error:
            raise RowNoLongerPrintable(template=proposal.template, person=row.person) from error


def design_for_person(design: Mapping[str, Any], person: Person) -> dict[str, Any]:
    """The design for this person: the Arabic wording for a man, for a woman, or for either if the sex is not known."""
    return with_gender(design, person.sex or NEUTRAL)


def placeholder_number(center: Center, type_: CredentialType) -> str:
    """A number as long as the numbers of the kind in the center."""
    return NumberSeries.written(
        0, code=center.code, prefix=type_.number_prefix, year=timezone.localdate().year
    )


def _store_pictures(assets: Mapping[str, bytes]) -> None:
    """Store the bytes of a design's pictures."""
    DesignAsset.objects.bulk_create(
        (DesignAsset(sha256=digest, data=data) for digest, data in assets.items()),
        ignore_conflicts=True,
    )


def assets_of(design: Mapping[str, Any]) -> dict[str, bytes]:
    """The pictures of a frozen design. Raises DesignAsset.DoesNotExist for one that is not stored."""
    digests = {block["asset"] for block in design.get("blocks", ()) if block.get("asset")}
    return {digest: _asset(digest) for digest in digests}


@lru_cache(maxsize=32)
def _asset(digest: str) -> bytes:
    return bytes(DesignAsset.objects.get(pk=digest).data)


@transaction.atomic
def install_designs(*, by: User | None = None) -> list[CertificateTemplate]:
    """Add the built-in designs that are not there, as drafts: the ministry names the signatory, then publishes.

    One that is there stays as it was edited, and so does one of an earlier edition: the new one is added with the number of
    its edition in its name. Returns those that were added.
    """
    there = set(CertificateTemplate.objects.exclude(built_in="").values_list("built_in", flat=True))
    names = set(CertificateTemplate.objects.values_list("name", flat=True))
    added = []
    for design in built_in_designs():
        if design.installed_as in there:
            continue
        template = CertificateTemplate(
            name=f"{design.title} ({design.edition})" if design.title in names else design.title,
            built_in=design.installed_as,
            kinds=design.kinds,
            page_format=design.page_format,
            body=json.dumps(design.body),
            live=False,
            **design.wording,
        )
        template.save()
        template.save_revision(user=by)
        log(template, "wagtail.create", user=by)
        added.append(template)
    return added
