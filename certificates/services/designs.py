"""Designs: frozen with their pictures for ever, and those that come with the product."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.db import transaction
from wagtail.log_actions import log

from accounts.models import User
from certificates.designs import built_in_designs
from certificates.models import CertificateTemplate, DesignAsset


@transaction.atomic
def freeze_design(template: CertificateTemplate) -> dict[str, Any]:
    """The design for new certificates; the bytes of its pictures are kept as they are today."""
    frozen = template.frozen()
    DesignAsset.objects.bulk_create(
        (DesignAsset(sha256=digest, data=data) for digest, data in frozen.assets.items()),
        ignore_conflicts=True,
    )
    return frozen.design


def assets_of(design: Mapping[str, Any]) -> dict[str, bytes]:
    """The pictures a frozen design names. Raises DesignAsset.DoesNotExist for one that was never kept."""
    digests = {block["asset"] for block in design.get("blocks", ()) if block.get("asset")}
    return {digest: _asset(digest) for digest in digests}


@lru_cache(maxsize=32)
def _asset(digest: str) -> bytes:
    return bytes(DesignAsset.objects.get(pk=digest).data)


@transaction.atomic
def install_designs(*, by: User | None = None) -> list[CertificateTemplate]:
    """Add the built-in designs that are not there, as drafts: the ministry names the signatory, then publishes.

    One that is there stays as it was edited. Returns those that were added.
    """
    there = set(CertificateTemplate.objects.exclude(built_in="").values_list("built_in", flat=True))
    added = []
    for design in built_in_designs():
        if design.name in there:
            continue
        template = CertificateTemplate(
            name=design.title,
            built_in=design.name,
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
