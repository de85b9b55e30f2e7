"""Templates: wording, look and layout of certificates, with drafts and revisions."""

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from PIL import Image
from wagtail.blocks import StreamValue
from wagtail.fields import StreamField
from wagtail.images.models import AbstractImage
from wagtail.models import DraftStateMixin, PreviewableMixin, Revision, RevisionMixin, Site

from accounts.models import VisualIdentity
from certificates.blocks import CertificateBlocks
from certificates.designs.findings import SAMPLE_NAMES, sentence
from certificates.drawing import (
    SAMPLES,
    Findings,
    PageFormat,
    compose,
    find_problems,
    fit_picture,
    sample_certificate,
    sheets_as_png,
)
from certificates.enums import CredentialKind
from certificates.errors import DesignNotPrintable
from typesetting.colors import INK, PAPER, readable

# The sentence of a certificate: who certifies, then the deed; in Arabic of a man, of a woman, and of somebody whose sex is not
# known (`certificates.drawing.grammatical_gender`).
SENTENCE = (
    "opening_male_ar",
    "opening_female_ar",
    "opening_neutral_ar",
    "opening_en",
    "deed_male_ar",
    "deed_female_ar",
    "deed_neutral_ar",
    "deed_en",
)
_WORDING = (
    "authority_ar",
    "authority_en",
    "heading_ar",
    "heading_en",
    "statement_ar",
    "statement_en",
    *SENTENCE,
    "signatory_ar",
    "signatory_en",
    "signatory_title_ar",
    "signatory_title_en",
    "accent",
)
# How designs are read since words are drawn by one font each (`Design.whole_words`).
_EDITION = 2
_OF_STATE = ("state_ar", "state_en")
_FROM_IDENTITY = ("authority_ar", "authority_en", "accent")
# In the words of a sentence: the authority of the template, else that of the visual identity on the day of issue.
AUTHORITY = "{authority}"
_PREVIEW_WIDTH = 1400


def with_authority(wording: Mapping[str, str]) -> dict[str, str]:
    """The wording with the name of the authority where the sentence has its place, in the language of the words."""
    return dict(wording) | {
        name: wording[name].replace(AUTHORITY, wording[f"authority_{name[-2:]}"]) for name in SENTENCE
    }


def _words(label: Any, default: str) -> "models.CharField[str, str]":
    return models.CharField(label, max_length=120, blank=True, default=default)


class DesignAsset(models.Model):
    """A picture of frozen designs, by its hash. It never changes, as certificates may be drawn again."""

    center_path = None

    sha256 = models.CharField(max_length=64, primary_key=True)
    data = models.BinaryField(_("bytes"))
    stored_at = models.DateTimeField(_("kept at"), auto_now_add=True)

    class Meta:
        verbose_name = _("picture of a design")
        verbose_name_plural = _("pictures of designs")

    def __str__(self) -> str:
        return self.sha256


@dataclass(frozen=True)
class FrozenDesign:
    """The frozen design of a certificate, and its pictures by their SHA-256."""

    design: dict[str, Any]
    assets: dict[str, bytes]


class CertificateTemplate(PreviewableMixin, DraftStateMixin, RevisionMixin, models.Model):
    """A template: fixed wording and layout of certificates. Issued ones keep the design of their day of issue."""

    center_path = None

    name = models.CharField(_("name"), max_length=80, help_text=_("Seen by staff only."))
    # The name of the built-in design it was installed as; empty for a copy and for one's own.
    built_in = models.CharField(max_length=40, blank=True, editable=False)
    kinds = ArrayField(
        models.CharField(max_length=12, choices=CredentialKind),
        verbose_name=_("what it can print"),
        default=list,
        help_text=_("Proposals of other kinds of certificates cannot use this template."),
    )
    page_format = models.CharField(
        _("page"),
        max_length=12,
        choices=[
            (PageFormat.A4_LANDSCAPE.value, _("A4, landscape")),
            (PageFormat.A4_PORTRAIT.value, _("A4, portrait")),
            (PageFormat.CARD.value, _("Card, front and back (85.6 × 53.98 mm)")),
        ],
        default=PageFormat.A4_LANDSCAPE.value,
        help_text=_("Blocks on the sides of a card make a card in addition to the A4 page."),
    )
    body = StreamField(
        CertificateBlocks(),
        verbose_name=_("blocks"),
        blank=True,
        help_text=_("Empty: the classic layout of the completion certificate."),
    )
    authority_ar = models.CharField(
        _("authority in Arabic"),
        max_length=80,
        blank=True,
        help_text=_("Empty: the one of the visual identity."),
    )
    authority_en = models.CharField(
        _("authority in English"),
        max_length=80,
        blank=True,
        help_text=_("Empty: the one of the visual identity."),
    )
    heading_ar = models.CharField(_("heading in Arabic"), max_length=60, default="شهادة إتمام برنامج تدريبي")
    heading_en = models.CharField(_("heading in English"), max_length=60, default="Certificate of Completion")
    opening_male_ar = _words(_("opening in Arabic, of a man"), "تشهد {authority} بأن")
    opening_female_ar = _words(_("opening in Arabic, of a woman"), "تشهد {authority} بأن")
    opening_neutral_ar = _words(_("opening in Arabic, of either"), "تشهد {authority} بإتمام")
    opening_en = _words(_("opening in English"), "The {authority} certifies that")
    deed_male_ar = _words(_("deed in Arabic, of a man"), "قد أتمّ بنجاح البرنامج التدريبي")
    deed_female_ar = _words(_("deed in Arabic, of a woman"), "قد أتمّت بنجاح البرنامج التدريبي")
    deed_neutral_ar = _words(_("deed in Arabic, of either"), "بنجاح البرنامج التدريبي")
    deed_en = _words(_("deed in English"), "has successfully completed the vocational program")
    # What layouts from before the sentence print, and the one without blocks.
    statement_ar = models.CharField(
        _("statement in Arabic"),
        max_length=160,
        blank=True,
        default="تشهد الوزارة بإتمام البرنامج التدريبي بنجاح",
    )
    statement_en = models.CharField(
        _("statement in English"),
        max_length=160,
        blank=True,
        default="The Ministry certifies that the person named here has completed the program",
    )
    signatory_ar = models.CharField(_("signatory in Arabic"), max_length=80, blank=True)
    signatory_en = models.CharField(_("signatory in English"), max_length=80, blank=True)
    signatory_title_ar = models.CharField(_("title of the signatory in Arabic"), max_length=80, blank=True)
    signatory_title_en = models.CharField(_("title of the signatory in English"), max_length=80, blank=True)
    accent = models.CharField(
        _("accent color"),
        max_length=7,
        blank=True,
        validators=[RegexValidator(r"\A#[0-9a-fA-F]{6}\Z", _("Write the color as #RRGGBB."))],
        help_text=_("Empty: the one of the visual identity."),
    )

    class Meta:
        ordering = ("name",)
        verbose_name = _("certificate template")
        verbose_name_plural = _("certificate templates")
        constraints = (
            models.UniqueConstraint(
                fields=("built_in",), condition=~models.Q(built_in=""), name="template_installed_once"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def design(self) -> dict[str, Any]:
        """The wording, look and layout to freeze into a certificate: see `certificates.drawing`."""
        return self.frozen().design

    def frozen(self) -> FrozenDesign:
        """The design with its pictures. What the template leaves empty is taken from the visual identity of today."""
        identity = _identity()
        wording = {name: getattr(self, name) for name in _WORDING}
        for name in _FROM_IDENTITY:
            wording[name] = wording[name] or getattr(identity, name)
        wording["accent"] = readable(wording["accent"], on=PAPER, toward=INK)
        wording = with_authority(wording)
        if not self.body:
            return FrozenDesign({name: wording[name] for name in _WORDING if name not in SENTENCE}, {})
        pictures = _Pictures(identity)
        blocks = [_frozen_block(child, pictures) for child in self.body]
        design = {
            **wording,
            **{name: getattr(identity, name) for name in _OF_STATE},
            "signal": identity.signal,
            "format": self.page_format,
            "edition": _EDITION,
            "blocks": blocks,
        }
        return FrozenDesign(design, pictures.assets)

    def findings(self, frozen: FrozenDesign | None = None) -> Findings:
        """What is wrong with the design, tried with every sample. Warnings are among them.

        `frozen` is the design where it was frozen already.
        """
        frozen = frozen or self.frozen()
        return find_problems(
            (
                sample,
                sample_certificate(
                    sample, design=frozen.design, assets=frozen.assets, site=settings.SITE_URL
                ),
            )
            for sample in SAMPLES
        )

    def publish(self, revision: Revision, *args: Any, **kwargs: Any) -> Any:
        """Publish unless the design cannot be printed: this holds for schedules and scripts, too.

        Raises DesignNotPrintable.
        """
        template: CertificateTemplate = revision.as_object()
        if problems := template.findings().problems:
            raise DesignNotPrintable(template=template, problem=sentence(problems[0]))
        return super().publish(revision, *args, **kwargs)

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        return [(sample, SAMPLE_NAMES[sample]) for sample in SAMPLES]

    def serve_preview(self, request: HttpRequest, mode_name: str) -> TemplateResponse:
        """The drawn sample and the findings about the design. The usual sample if the name is unknown."""
        frozen = self.frozen()
        sample = mode_name if mode_name in SAMPLES else SAMPLES[0]
        paper = sample_certificate(sample, design=frozen.design, assets=frozen.assets, site=settings.SITE_URL)
        sheets = sheets_as_png(compose(paper, on_fault=_leave_out).finish(), width=_PREVIEW_WIDTH)
        if self.has_card_beside_page:
            card = compose(paper, card=True, on_fault=_leave_out).finish()
            sheets += sheets_as_png(card, width=_PREVIEW_WIDTH // 2)
        context = {
            "sheets": [b64encode(sheet).decode() for sheet in sheets],
            "is_card": self.page_format == PageFormat.CARD,
            "findings": [(finding, sentence(finding)) for finding in self.findings(frozen).all],
        }
        return TemplateResponse(request, "certificates/design_preview.html", context)

    @property
    def has_card_beside_page(self) -> bool:
        return self.page_format != PageFormat.CARD and any(
            child.value["place"]["side"] in {"front", "back"} for child in self.body
        )


def _leave_out(_block: object, _error: Exception) -> None:
    """Ignore the fault: the list under the preview shows it."""


def _identity() -> VisualIdentity:
    site = Site.objects.filter(is_default_site=True).first()
    identity: VisualIdentity = VisualIdentity.for_site(site) if site else VisualIdentity()
    return identity


class _Pictures:
    """The pictures of a design, made fit for print and named by their hash."""

    def __init__(self, identity: VisualIdentity) -> None:
        self._logo = identity.logo
        self._logo_text = f"شعار {identity.authority_ar}"
        self._emblem = identity.emblem
        self._emblem_text = f"شعار {identity.state_ar or identity.authority_ar}"
        self.assets: dict[str, bytes] = {}

    def of(self, value: Any) -> dict[str, Any]:
        """The frozen values of a picture block."""
        picture: AbstractImage | None = value["image"] or self._logo
        alt = value["alt"] or ("" if value["image"] else self._logo_text)
        return self._stored(picture, alt, value["place"])

    def of_state(self, value: Any) -> dict[str, Any]:
        """The frozen values of an emblem block."""
        picture, alt = (self._emblem, self._emblem_text) if self._emblem else (self._logo, self._logo_text)
        return self._stored(picture, alt if picture else "", value["place"])

    def of_signature(self, value: Any) -> dict[str, Any]:
        """The frozen values of the picture of a signature block, which is optional."""
        return self._stored(value["image"], value["alt"], value["place"])

    def _stored(self, picture: AbstractImage | None, alt: str, place: Any) -> dict[str, Any]:
        if picture is None:
            return {"asset": "", "alt": alt}
        try:
            with picture.file.open("rb") as file:
                data = fit_picture(file.read(), width=place["width"], height=place["height"])
        except (OSError, Image.DecompressionBombError):
            return {"asset": "", "alt": alt, "unreadable": True}
        digest = hashlib.sha256(data).hexdigest()
        self.assets[digest] = data
        return {"asset": digest, "alt": alt}


def _frozen_block(child: StreamValue.StreamChild, pictures: _Pictures) -> dict[str, Any]:
    try:
        value = child.block.clean(child.value)
    except ValidationError:
        # A draft may be saved with gaps; it is never published with them.
        return {"kind": "incomplete", "place": _whole_place(child.value["place"])}
    frozen = {"kind": child.block_type, **_plain(child.block.get_prep_value(value))}
    match child.block_type:
        case "image":
            frozen |= pictures.of(value)
        case "emblem":
            frozen |= pictures.of_state(value)
        case "signature":
            frozen |= pictures.of_signature(value)
    frozen.pop("image", None)
    return frozen


def _whole_place(place: Any) -> dict[str, Any]:
    numbers = {name: place[name] or 0 for name in ("x", "y", "width", "height")}
    return {"side": place["side"] or "page", **numbers}


def _plain(value: Any) -> Any:
    """A stored value without the random identifiers of list items, which would make equal designs differ."""
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_plain(part["value"]) if "value" in part else _plain(part) for part in value]
    return value
