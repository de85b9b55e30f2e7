"""The allowed differences between a sealed revision and later ones: stricter than pyHanko's policy for B-LTA.

That policy lets an update rewrite metadata (XMP, /Info), the catalog and the appearance of fields. An
archive needs none of it: a document security store, and one field with a time stamp a revision.
"""

from collections.abc import Iterable

from pyhanko.pdf_utils.generic import DictionaryObject, NameObject, PdfObject
from pyhanko.pdf_utils.reader import HistoricalResolver
from pyhanko.sign.diff_analysis import (
    CatalogModificationRule,
    DSSCompareRule,
    FormUpdatingRule,
    ModificationLevel,
    ObjectStreamRule,
    QualifiedWhitelistRule,
    ReferenceUpdate,
    SigFieldCreationRule,
    SigFieldModificationRule,
    StandardDiffPolicy,
    SuspiciousModification,
    XrefStreamRule,
)
from pyhanko.sign.diff_analysis.commons import compare_dicts
from pyhanko.sign.signers.constants import ESIC_EXTENSION_1

# What writing a revision changes in its trailer or cross-reference stream (ISO 32000-1, sections 7.5.5 and 7.5.8).
_TRAILER_OF_ITS_OWN = frozenset(
    {
        "/Size", "/Prev", "/XRefStm", "/ID", "/Type", "/W", "/Index", "/Length", "/Filter", "/DecodeParms",
    }
)  # fmt: skip
# How a document declares its security store (ETSI EN 319 142-1, section 5.4.4), as pyHanko writes it.
_MARKS = {
    "/Version": NameObject("/1.7"),
    "/Extensions": DictionaryObject({NameObject("/ESIC"): ESIC_EXTENSION_1.as_pdf_object()}),
}
_IN_THE_CATALOG = frozenset({"/AcroForm", "/DSS", *_MARKS})
_IN_A_FIELD = frozenset({"/FT", "/T", "/TU", "/Type", "/Subtype", "/F", "/P", "/Rect", "/V"})
_IN_A_TIMESTAMP = frozenset({"/Type", "/Filter", "/SubFilter", "/ByteRange", "/Contents"})
_SPOKEN_NAME = "Timestamp"
_NO_SIZE = [0, 0, 0, 0]
# Signatures exist, and the file is only appended to.
_APPEND_ONLY = 3


class _SameCatalog(QualifiedWhitelistRule):
    """Refuses a trailer or a catalog that changes by more than its form, its store and the mark that it has one."""

    def apply_qualified(
        self, old: HistoricalResolver, new: HistoricalResolver
    ) -> Iterable[tuple[ModificationLevel, ReferenceUpdate]]:
        compare_dicts(old.trailer_view, new.trailer_view, _TRAILER_OF_ITS_OWN)
        for key, marked in _MARKS.items():
            if _raw(new.root, key) not in (_raw(old.root, key), marked):
                raise SuspiciousModification(f"{key} was changed.")
        return CatalogModificationRule(ignored_keys=_IN_THE_CATALOG).apply_qualified(old, new)


class _SameForm(QualifiedWhitelistRule):
    """Refuses a form that changes by more than fields with signatures, of no size and without an appearance."""

    def apply_qualified(
        self, old: HistoricalResolver, new: HistoricalResolver
    ) -> Iterable[tuple[ModificationLevel, ReferenceUpdate]]:
        old_form, new_form = old.root["/AcroForm"], new.root["/AcroForm"]
        compare_dicts(old_form, new_form, frozenset({"/Fields", "/SigFlags"}))
        if _raw(new_form, "/SigFlags") not in (_raw(old_form, "/SigFlags"), _APPEND_ONLY):
            raise SuspiciousModification("The flags of the form were taken back.")
        known = list(old_form["/Fields"])
        if list(new_form["/Fields"])[: len(known)] != known:
            raise SuspiciousModification("Fields were moved.")
        for reference in list(new_form["/Fields"])[len(known) :]:
            _require_bare_timestamp(reference.get_object())
        return ()


def _require_bare_timestamp(field: DictionaryObject) -> None:
    """Raise SuspiciousModification for a field that is empty, visible, or has other entries."""
    is_bare = (
        "/V" in field
        and _IN_A_FIELD.issuperset(field)
        and _IN_A_TIMESTAMP.issuperset(field["/V"])
        and ("/TU" not in field or field["/TU"] == _SPOKEN_NAME)
        and list(field["/Rect"]) == _NO_SIZE
    )
    if not is_bare:
        raise SuspiciousModification("A field is more than a time stamp.")


def _raw(holder: DictionaryObject, key: str) -> PdfObject | None:
    return holder.raw_get(key) if key in holder else None


def _allowed(*rules: object) -> list[QualifiedWhitelistRule]:
    return [rule.as_qualified(ModificationLevel.LTA_UPDATES) for rule in rules]  # type: ignore[attr-defined]


ONLY_EVIDENCE = StandardDiffPolicy(
    global_rules=[
        _SameCatalog(),
        _SameForm(),
        *_allowed(XrefStreamRule(), ObjectStreamRule(), DSSCompareRule()),
    ],
    form_rule=FormUpdatingRule(field_rules=[SigFieldCreationRule(), SigFieldModificationRule()]),
    ignore_orphaned_objects=False,
    ignore_identical_objects=False,
)
