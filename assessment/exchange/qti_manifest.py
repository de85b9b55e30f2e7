"""The manifest and the test of a QTI package that is written: what is said of items outside of their documents. Independent of Django."""

from collections.abc import Mapping

from assessment.exchange.item import Item
from assessment.exchange.markup import element, text
from assessment.exchange.qti_names import as_version_3

SPACE = {
    "2.1": "http://www.imsglobal.org/xsd/imsqti_v2p1",
    "3.0": "http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
}
_RESOURCE = {
    "2.1": ("imsqti_item_xmlv2p1", "imsqti_test_xmlv2p1"),
    "3.0": ("imsqti_item_xmlv3p0", "imsqti_test_xmlv3p0"),
}
_MANIFEST_SPACE = {
    "2.1": "http://www.imsglobal.org/xsd/imscp_v1p1",
    "3.0": "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1",
}
_LOM_SPACE = {"2.1": "http://ltsc.ieee.org/xsd/LOM", "3.0": "http://www.imsglobal.org/xsd/imsmd_rootv1p2p1"}
HTML = frozenset({"p", "div", "span", "br", "img"})
# Where the pictures of texts are, seen from the package.
IMAGES = "images"
_DIFFICULTIES = ("very easy", "easy", "medium", "difficult", "very difficult")
BEGIN = '<?xml version="1.0" encoding="UTF-8"?>\n'


def manifest_of(documents: Mapping[str, Item], version: str) -> bytes:
    item_type, test_type = _RESOURCE[version]
    resources = [
        element(
            "resource",
            element("metadata", _lom(item, version)),
            element("file", href=name),
            element("file", href=f"{IMAGES}/{item.shown.name}") if item.shown else "",
            identifier=f"item{number:05}",
            type=item_type,
            href=name,
        )
        for number, (name, item) in enumerate(documents.items(), start=1)
    ]
    test = element(
        "resource", element("file", href="test.xml"), identifier="test", type=test_type, href="test.xml"
    )
    about = element("metadata", element("schema", "QTI Package"), element("schemaversion", version))
    return (
        BEGIN
        + element(
            "manifest",
            about,
            element("organizations"),
            element("resources", test, *resources),
            xmlns=_MANIFEST_SPACE[version],
            identifier="questions",
        )
    ).encode()


def _lom(item: Item, version: str) -> str:
    keywords = [element("keyword", element("string", text(tag))) for tag in item.tags]
    general = element("general", element("identifier", element("entry", text(item.name))), *keywords)
    educational = classification = ""
    if item.difficulty:
        source = element("source", "LOMv1.0")
        said = element("value", _DIFFICULTIES[item.difficulty - 1])
        educational = element("educational", element("difficulty", source, said))
    if item.category:
        taxon = element("taxon", element("entry", element("string", text(item.category))))
        classification = element("classification", element("taxonPath", taxon))
    return element("lom", general, educational, classification, xmlns=_LOM_SPACE[version])


def test_of(documents: Mapping[str, Item], version: str) -> bytes:
    references = [
        element(
            "assessmentItemRef",
            element("weight", identifier="WEIGHT", value=str(item.points)),
            identifier=f"item{number:05}",
            href=name,
        )
        for number, (name, item) in enumerate(documents.items(), start=1)
    ]
    section = element(
        "assessmentSection", *references, identifier="questions", title="questions", visible="true"
    )
    part = element(
        "testPart", section, identifier="part", navigationMode="nonlinear", submissionMode="individual"
    )
    test = element("assessmentTest", part, xmlns=SPACE[version], identifier="test", title="questions")
    return (BEGIN + (as_version_3(test, HTML) if version == "3.0" else test)).encode()
