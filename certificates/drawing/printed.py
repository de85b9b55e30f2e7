"""What a certificate prints, in the words of its paper: for pages that are compared with it."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from certificates.drawing.certificate_data import FACTS, CertificateData
from certificates.drawing.design import Block, read_design
from certificates.drawing.kinds import said_by_sentence


class PrintedFact(NamedTuple):
    """A fact without its language (`level`, not `level_ar`), its value, and the label next to it: empty where the paper has none."""

    name: str
    label: str
    value: str


def facts_of(block: Block) -> set[str]:
    """The claims that a block prints."""
    if block.kind == "sentence":
        return said_by_sentence(block.values)
    claims = {block.values["fact"]} if block.kind == "field" else set()
    claims |= {row["fact"] for row in block.values.get("rows", ())}
    return claims | {column["fact"] for column in block.values.get("columns", ())}


def printed_facts(certificate: CertificateData, *, language: str) -> list[PrintedFact]:
    """The facts on the page and the card of a certificate, each once, in a language; labels in the other one where the paper has no other."""
    blocks = read_design(certificate.design).blocks
    labels: dict[str, str] = {}
    for written in (language, "en" if language == "ar" else "ar"):
        for name, label in _labels(blocks, written):
            labels.setdefault(name, label)
    names = {_without_language(fact) for block in blocks for fact in facts_of(block)}
    printed = (
        PrintedFact(name, labels.get(name, ""), _value(certificate, name, language))
        for name in [*labels, *sorted(names - labels.keys())]
    )
    return [fact for fact in printed if fact.value]


def _labels(blocks: Iterable[Block], language: str) -> Iterator[tuple[str, str]]:
    for block in blocks:
        for row in block.values.get("rows", ()):
            if block.kind == "sentence" or block.values["language"] == language:
                label = row[f"label_{language}"] if block.kind == "sentence" else row["label"]
                yield _without_language(row["fact"]), label


def _value(certificate: CertificateData, name: str, language: str) -> str:
    fact = FACTS.get(f"{name}_{language}") or FACTS.get(name)
    return fact.value(certificate) if fact else ""


def _without_language(fact: str) -> str:
    return fact.removesuffix("_ar").removesuffix("_en")
