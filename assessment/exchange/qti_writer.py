"""Writes QTI 2.1 or 3.0 packages, as `qti` reads them. Independent of Django.

One document for each item, in which it earns from 0 to 1; a test with what each weighs; a manifest with tags, difficulty and names. A gap has
one place: in the second language of a text it is written `[[1]]`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any
from urllib.parse import quote

from assessment.exchange.figures import decimal_of
from assessment.exchange.item import Item, Picture, Reading, UnwritableCode, UnwritableQuestion, Written
from assessment.exchange.markup import element, parse, text
from assessment.exchange.packages import pack
from assessment.exchange.qti import read_item
from assessment.exchange.qti_interactions import EXPLANATION
from assessment.exchange.qti_manifest import BEGIN, HTML, IMAGES, SPACE, manifest_of, test_of
from assessment.exchange.qti_names import as_version_2, as_version_3
from assessment.exchange.qti_texts import lines, write_picture, write_texts
from assessment.exchange.writing import written_items

VERSIONS = ("2.1", "3.0")
_TEMPLATE = {
    "2.1": "http://www.imsglobal.org/question/qti_v2p1/rptemplates/{}",
    "3.0": "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/{}.xml",
}
_RESPONSE, _SCORE = "RESPONSE", "SCORE"
_SHARE_DECIMALS = 12

# Declarations, body, and processing.
type Parts = tuple[str, str, str]


def write(items: Iterable[Item], *, version: str = "2.1") -> Written:
    """A package of the items."""
    parts, unwritable = written_items(
        # What the manifest and the test say is not part of a document.
        items,
        lambda item: (item, _Document(item, version).written()),
        lambda part: _read_again(*part),
        holds_pictures=True,
    )
    documents = {f"items/{number:05}.xml": item for number, (item, _part) in enumerate(parts, start=1)}
    members = {name: part[1].encode() for name, (_item, part) in zip(documents, parts, strict=True)}
    manifest = {"imsmanifest.xml": manifest_of(documents, version), "test.xml": test_of(documents, version)}
    shown = [item.shown for item in documents.values() if item.shown]
    images = {f"{IMAGES}/{one.name}": one.data for one in shown}
    return Written(pack({**manifest, **members, **images}), unwritable)


def _read_again(item: Item, document: str) -> Reading:
    reading = Reading()
    shown = item.shown
    found = read_item(
        as_version_2(parse(document.encode())),
        find=lambda source: shown.data if shown and source == _source_of(shown) else None,
    )
    if isinstance(found, Item):
        found = replace(
            found,
            points=item.points,
            tags=item.tags,
            difficulty=item.difficulty,
            name=item.name,
            category=item.category,
        )
    reading.add(found)
    return reading


def _source_of(picture: Picture) -> str:
    """Seen from a document."""
    return f"../{IMAGES}/{quote(picture.name)}"


class _Document:
    """One item as a document."""

    def __init__(self, item: Item, version: str) -> None:
        self._item, self._version = item, version
        self._languages = tuple(item.text)

    def written(self) -> str:
        item = self._item
        if item.kind not in _WRITERS:
            raise UnwritableQuestion(UnwritableCode.KIND, item.kind)
        declarations, body, processing = _WRITERS[item.kind](self)
        score = element(
            "outcomeDeclaration", identifier=_SCORE, cardinality="single", baseType="float", normalMaximum="1"
        )
        explanation = ""
        if item.explanation:
            declared = {"identifier": EXPLANATION, "cardinality": "single", "baseType": "identifier"}
            score += element("outcomeDeclaration", **declared)
            # It is shown unless its outcome says otherwise, and nothing ever does.
            explanation = element(
                "modalFeedback",
                write_texts(item.explanation, self._languages, "div"),
                outcomeIdentifier=EXPLANATION,
                identifier="hidden",
                showHide="hide",
            )
        document = element(
            "assessmentItem",
            declarations + score,
            element("itemBody", body),
            processing,
            explanation,
            xmlns=SPACE[self._version],
            identifier="item",
            title=item.title,
            adaptive="false",
            timeDependent="false",
        )
        return BEGIN + (as_version_3(document, HTML) if self._version == "3.0" else document)

    # Parts of documents.

    def question(self) -> str:
        return write_texts(self._item.text, None, "p") + self.picture()

    def picture(self) -> str:
        shown = self._item.shown
        if shown is None:
            return ""
        return write_picture(_source_of(shown), self._item.content["medium"]["alt"], self._languages)

    def options(self, options: Sequence[Mapping[str, Any]], name: str, *, prefix: str = "c") -> str:
        """Options of which each has its languages in it."""
        return "".join(
            element(
                name,
                self.inline(one["text"]),
                identifier=f"{prefix}{one['id']}",
                matchMax="0" if prefix == "m" else "1" if prefix == "s" else None,
            )
            for one in options
        )

    def inline(self, said: Mapping[str, str]) -> str:
        texts = list(said.values())
        if set(said) == set(self._languages) and len(set(texts)) == 1:
            return lines(texts[0])
        return write_texts(said, (), "span")

    def template(self, name: str) -> str:
        return element("responseProcessing", template=_TEMPLATE[self._version].format(name))

    # Kinds.

    def choice(self) -> Parts:
        item = self._item
        takes_one = item.kind != "multiple"
        is_statement = item.kind == "true_false"
        prefix = "" if is_statement else "c"
        weights = {f"{prefix}{one}": share for one, share in item.key["weights"].items()}
        declared = _declaration(
            _RESPONSE,
            "single" if takes_one else "multiple",
            "identifier",
            correct=[one for one, share in weights.items() if Fraction(share) > 0],
            mapping=weights,
        )
        options = element(
            "choiceInteraction",
            self.options(item.content["options"], "simpleChoice", prefix=prefix),
            responseIdentifier=_RESPONSE,
            shuffle="true",
            maxChoices="1" if takes_one else "0",
        )
        return declared, self.question() + options, self.template("map_response")

    def order(self) -> Parts:
        order = [f"c{one}" for one in self._item.key["order"]]
        declared = _declaration(_RESPONSE, "ordered", "identifier", correct=order)
        steps = self.options(self._item.content["items"], "simpleChoice")
        body = element("orderInteraction", steps, responseIdentifier=_RESPONSE, shuffle="true")
        match self._item.key["credit"]:
            case "all":
                processing = self.template("match_correct")
            case "places":
                processing = element(
                    "responseProcessing", *(_place(*one, len(order)) for one in enumerate(order, 1))
                )
            case credit:
                raise UnwritableQuestion(UnwritableCode.CREDIT, credit)
        return declared, self.question() + body, processing

    def pairs(self) -> Parts:
        item = self._item
        pairs = {f"s{stem} m{choice}": "1" for stem, choice in item.key["pairs"].items()}
        share = str(Fraction(1, len(pairs)))
        declared = _declaration(
            _RESPONSE, "multiple", "directedPair", correct=list(pairs), mapping=dict.fromkeys(pairs, share)
        )
        stems = self.options(item.content["stems"], "simpleAssociableChoice", prefix="s")
        choices = self.options(item.content["choices"], "simpleAssociableChoice", prefix="m")
        body = element(
            "matchInteraction",
            element("simpleMatchSet", stems),
            element("simpleMatchSet", choices),
            responseIdentifier=_RESPONSE,
            shuffle="true",
            maxAssociations=str(len(pairs)),
        )
        return declared, self.question() + body, self.template("map_response")

    def line(self) -> Parts:
        declared, body, scores = self._gap(_RESPONSE, self._item.kind, self._item.content, self._item.key)
        return declared, self.question() + element("p", body), element("responseProcessing", *scores(_SCORE))

    def gaps(self) -> Parts:
        item = self._item
        first = self._languages[0]
        said = lines(item.text[first])
        declared = scores = products = ""
        total = sum(one["points"] for one in item.key["gaps"].values())
        for gap in item.content["gaps"]:
            kept = item.key["gaps"][gap["id"]]
            identifier, place = f"RESPONSE{gap['id']}", f"[[{gap['id']}]]"
            if said.count(place) != 1:
                raise UnwritableQuestion(UnwritableCode.NOT_HELD, place)
            declaration, body, score = self._gap(identifier, gap["kind"], gap["content"], kept["key"])
            said = said.replace(place, body)
            outcome = f"{identifier}_SCORE"
            declared += declaration + element(
                "outcomeDeclaration", identifier=outcome, cardinality="single", baseType="float"
            )
            scores += "".join(score(outcome))
            products += element(
                "product", _float(str(kept["points"])), element("variable", identifier=outcome)
            )
        mean = element("divide", element("sum", products), _float(str(total)))
        processing = element(
            "responseProcessing", scores, element("setOutcomeValue", mean, identifier=_SCORE)
        )
        others = write_texts({one: text_ for one, text_ in item.text.items() if one != first}, (), "p")
        body = element("p", said, xml__lang=first) + others + self.picture()
        return declared, body, processing

    def _gap(
        self, identifier: str, kind: str, content: Mapping[str, Any], key: Mapping[str, Any]
    ) -> tuple[str, str, Callable[[str], list[str]]]:
        """The declaration of one gap, its interaction, and what sets an outcome to what it earns."""
        if kind == "single":
            mapping = {f"c{one}": share for one, share in key["weights"].items()}
            right = [one for one, share in mapping.items() if share == "1"]
            declared = _declaration(identifier, "single", "identifier", correct=right, mapping=mapping)
            options = self.options(content["options"], "inlineChoice")
            body = element("inlineChoiceInteraction", options, responseIdentifier=identifier, shuffle="true")
            return declared, body, lambda outcome: [_mapped(identifier, outcome)]
        body = element("textEntryInteraction", responseIdentifier=identifier)
        if kind == "numeric":
            return _numeric(identifier, key, body)
        if any("*" in one["text"].replace(r"\*", "") for one in key["accepted"]):
            raise UnwritableQuestion(UnwritableCode.WILDCARDS)
        mapping = {one["text"].replace(r"\*", "*"): one.get("share", "1") for one in key["accepted"]}
        if len(mapping) < len(key["accepted"]):
            raise UnwritableQuestion(UnwritableCode.NOT_HELD)
        declared = _declaration(
            identifier,
            "single",
            "string",
            correct=[one for one, share in mapping.items() if share == "1"][:1],
            mapping=mapping,
            is_case_sensitive=bool(key["is_exact"]),
        )
        return declared, body, lambda outcome: [_mapped(identifier, outcome)]

    def essay(self) -> Parts:
        declared = element(
            "responseDeclaration", identifier=_RESPONSE, cardinality="single", baseType="string"
        )
        return (
            declared,
            self.question() + element("extendedTextInteraction", responseIdentifier=_RESPONSE),
            "",
        )

    def files(self) -> Parts:
        names = [f"RESPONSE{number}" for number in range(1, self._item.content["most"] + 1)]
        declared = [
            element("responseDeclaration", identifier=one, cardinality="single", baseType="file")
            for one in names
        ]
        body = [element("uploadInteraction", responseIdentifier=one) for one in names]
        return "".join(declared), self.question() + "".join(body), ""


def _declaration(
    identifier: str,
    cardinality: str,
    base_type: str,
    *,
    correct: Sequence[str],
    mapping: Mapping[str, str] | None = None,
    is_case_sensitive: bool | None = None,
) -> str:
    case = None if is_case_sensitive is None else str(is_case_sensitive).lower()
    entries = [
        element("mapEntry", mapKey=one, mappedValue=_decimals(share), caseSensitive=case)
        for one, share in (mapping or {}).items()
    ]
    return element(
        "responseDeclaration",
        element("correctResponse", *(element("value", text(one)) for one in correct)) if correct else "",
        element("mapping", *entries, lowerBound="0", upperBound="1", defaultValue="0") if entries else "",
        identifier=identifier,
        cardinality=cardinality,
        baseType=base_type,
    )


def _decimals(share: str) -> str:
    return decimal_of(Fraction(share)) or decimal_of(round(Fraction(share), _SHARE_DECIMALS)) or share


def _float(value: str) -> str:
    return element("baseValue", value, baseType="float")


def _mapped(identifier: str, outcome: str) -> str:
    return element("setOutcomeValue", element("mapResponse", identifier=identifier), identifier=outcome)


def _place(number: int, identifier: str, count: int) -> str:
    """What one step earns in its place."""
    found = element("index", element("variable", identifier=_RESPONSE), n=str(number))
    match = element("match", found, element("baseValue", identifier, baseType="identifier"))
    so_far = element(
        "sum", element("variable", identifier=_SCORE), _float(_decimals(str(Fraction(1, count))))
    )
    return element(
        "responseCondition",
        element("responseIf", match, element("setOutcomeValue", so_far, identifier=_SCORE)),
    )


def _numeric(
    identifier: str, key: Mapping[str, Any], body: str
) -> tuple[str, str, Callable[[str], list[str]]]:
    if key.get("variables"):
        raise UnwritableQuestion(UnwritableCode.VARIABLES)
    if key["units"]:
        raise UnwritableQuestion(UnwritableCode.UNITS)
    declared = _declaration(identifier, "single", "float", correct=[key["answers"][0]["value"]])

    def scores(outcome: str) -> list[str]:
        branches = []
        for number, one in enumerate(key["answers"]):
            width = one["tolerance"].removesuffix("%")
            equal = element(
                "equal",
                element("variable", identifier=identifier),
                _float(text(one["value"])),
                toleranceMode="relative" if one["tolerance"].endswith("%") else "absolute",
                tolerance=f"{width} {width}",
            )
            earned = _float(_decimals(one.get("share", "1")))
            outcome_value = element("setOutcomeValue", earned, identifier=outcome)
            branches.append(element("responseElseIf" if number else "responseIf", equal, outcome_value))
        return [element("responseCondition", *branches)]

    return declared, body, scores


_WRITERS: Mapping[str, Callable[[_Document], Parts]] = {
    "single": _Document.choice,
    "multiple": _Document.choice,
    "true_false": _Document.choice,
    "numeric": _Document.line,
    "short_text": _Document.line,
    "matching": _Document.pairs,
    "ordering": _Document.order,
    "fill_in": _Document.gaps,
    "essay": _Document.essay,
    "files": _Document.files,
}
