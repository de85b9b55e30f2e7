"""Texts of other software as plain text by language, and back. Independent of Django.

Read are plain text, HTML, and text in which some HTML is written (Moodle's own format). Languages are told apart by
`<span lang="ar" class="multilang">` and `{mlang ar}...{mlang}`; a text that says no language is Arabic where it has Arabic letters, and
English otherwise.

A text in our form has lines without spaces at their ends, one space between words, and at most one empty line after another.
"""

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from html.parser import HTMLParser

from assessment.exchange.item import (
    ARABIC,
    ENGLISH,
    LANGUAGES,
    LONGEST_TEXT,
    FaultCode,
    FaultyQuestion,
    Note,
    NoteCode,
    Texts,
)

# Characters of a source; a text with a picture inside is long.
_LONGEST_SOURCE = 4_000_000
_LONGEST_DETAIL = 200

_ARABIC_LETTER = re.compile(
    "[\u0620-\u064a\u066e-\u06d3\u0750-\u077f\u08a0-\u08c7\ufb50-\ufdff\ufe70-\ufefc]"
)
# What PostgreSQL, XML or a page cannot hold; halves of surrogate pairs among it.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_LINE_END = re.compile("\r\n|[\r\x85\u2028\u2029]")
_EMPTY_LINES = re.compile("\n{3,}")
_MLANG = re.compile(r"\{\s*mlang(?:\s+([^}\s]{1,60}))?\s*\}", re.IGNORECASE)
_MULTILANG = re.compile(r"<(?:span|lang)\b[^<>]{0,200}\blang\s*=|\{\s*mlang\b", re.IGNORECASE)
_BEGIN_MLANG = re.compile(r"\{(?=\s*mlang)", re.IGNORECASE)
_TEX = re.compile(r"\$\$.{1,500}?\$\$|\\\(.{1,500}?\\\)|\\\[.{1,500}?\\\]", re.DOTALL)


# Of texts that say no language, where the reader of the file was told.
_UNSAID: ContextVar[str] = ContextVar("language of texts that say none", default="")


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_BLOCKS = words(
    "address article aside blockquote caption center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header "
    "hr legend li main nav ol p pre section summary table tbody tfoot thead tr ul"
)
_INLINE = words(
    "a abbr acronym b bdi bdo big button cite code data del dfn em font i img input ins kbd label lang mark math meter nobr nolink output "
    "progress q rp rt ruby s samp select small span strike strong sub sup svg td th time tt u var wbr br col colgroup audio video source "
    "track object param embed iframe map area picture canvas script style link meta title head body html template noscript textarea option "
    "mi mn mo ms mtext mrow mfrac msqrt mroot msup msub msubsup mover munder munderover mfenced mtable mtr mtd mstyle mspace mphantom "
    "semantics annotation annotation-xml path g rect circle line polygon polyline ellipse text tspan defs use desc"
)
_KNOWN_TAG = "|".join(sorted({*_BLOCKS, *_INLINE}, key=len, reverse=True))
# A sign that begins no tag is a sign: people compare numbers.
_NO_TAG = re.compile(rf"<(?!/?(?:{_KNOWN_TAG})(?=[\s/>])[^<>]*>|!--)", re.IGNORECASE)
_TAG = re.compile(rf"</?(?:{_KNOWN_TAG})(?=[\s/>])[^<>]*>", re.IGNORECASE)
_MEDIA = words("img audio video object embed iframe svg canvas input")
_UNSEEN = words("script style head title template noscript svg annotation annotation-xml")
_VOID = words("br hr img input meta link col area source track param embed wbr")
_SUPERSCRIPT = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
_SUBSCRIPT = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")


def tidy(text: str) -> str:
    """A text in our form."""
    text = _UNWRITABLE.sub("", _LINE_END.sub("\n", text))
    lines = [" ".join(line.split()) for line in text.split("\n")]
    return _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip("\n")


def tidy_line(text: str) -> str:
    """A text of one line in our form."""
    return " ".join(_UNWRITABLE.sub("", text).split())


def tidy_name(text: str) -> str:
    """A tag or the name of an item, without the signs that set them off in files."""
    return tidy_line(re.sub(r"[\[\]\\<>`,;،؛|]", " ", text))


def language_of(text: str) -> str:
    return ARABIC if _ARABIC_LETTER.search(text) else ENGLISH


@contextmanager
def unsaid_in(language: str) -> Iterator[None]:
    """Texts that say no language are in `language`, whatever their letters; where it is empty, the letters say."""
    before = _UNSAID.set(language)
    try:
        yield
    finally:
        _UNSAID.reset(before)


def language_meant(text: str) -> str:
    """The language of a text that says none."""
    return _UNSAID.get() or language_of(text)


def is_html(name: str) -> bool:
    """Whether an element of this name means something in HTML."""
    return name in _BLOCKS or name in _INLINE


def is_multilingual(source: str) -> bool:
    return bool(_MULTILANG.search(source))


def shortened(text: str) -> str:
    """What a note says of it."""
    text = tidy_line(text)
    return text if len(text) <= _LONGEST_DETAIL else f"{text[: _LONGEST_DETAIL - 1]}…"


@dataclass(frozen=True, slots=True)
class Image:
    """A picture in a text: where it is, its description, and the language that it is in, None where it is for all."""

    source: str
    alt: str
    language: str | None


@dataclass
class Passage:
    """A text that was read: its parts with the language that each is in, None where it is for all."""

    parts: list[tuple[str | None, str]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)

    @property
    def plain(self) -> str:
        return tidy("".join(text for _language, text in self.parts))

    @property
    def languages(self) -> tuple[str, ...]:
        """Those that the text says, or the one that its letters are of."""
        said = {language for language, text in self.parts if language and text.strip()}
        return tuple(one for one in LANGUAGES if one in said) or (language_meant(self.plain),)

    def alt_of(self, source: str, languages: Sequence[str]) -> dict[str, str]:
        """The descriptions of a picture by language, in `languages` where it says none."""
        found: dict[str, str] = {}
        for image in self.images:
            if image.source == source and (alt := tidy_line(image.alt)):
                for one in [image.language] if image.language else languages:
                    found.setdefault(one, alt)
        return {one: found[one] for one in LANGUAGES if one in found}

    def texts(self, languages: Sequence[str]) -> dict[str, str]:
        """The text by language, in `languages` where it says none."""
        said = {language for language, text in self.parts if language and text.strip()}
        found = {}
        for one in LANGUAGES:
            if one in said or one in languages:
                text = tidy("".join(text for language, text in self.parts if language in (None, one)))
                if len(text) > LONGEST_TEXT:
                    raise FaultyQuestion(FaultCode.TOO_LONG, shortened(text))
                if text:
                    found[one] = text
        return found


def read_plain(source: str) -> Passage:
    """Plain text; only `{mlang}` says anything about it."""
    passage = Passage()
    language: str | None = None
    at = 0
    for found in _MLANG.finditer(_bounded(source)):
        passage.parts.append((language, source[at : found.start()]))
        language = _known_language(found[1], passage) if found[1] else None
        at = found.end()
    passage.parts.append((language, source[at:]))
    _note_formulas(passage)
    return passage


def read_html(source: str, *, keeps_lines: bool = False, taken: str = "") -> Passage:
    """HTML as plain text: scripts gone, entities resolved, what cannot be kept noted. Where it `keeps_lines`, line ends are such.

    `taken`: the source of a picture that is kept besides the text.
    """
    source = _MLANG.sub(_multilang_span, _bounded(source))
    reader = _HtmlReader(keeps_lines=keeps_lines, taken=taken)
    reader.feed(_NO_TAG.sub("&lt;", source))
    reader.close()
    _note_formulas(reader.passage)
    return reader.passage


def read_text(source: str, form: str, *, taken: str = "") -> Passage:
    """A text whose form the file names as Moodle does. `taken` as of `read_html`."""
    match form:
        case "html":
            return read_html(source, taken=taken)
        case "plain_text" | "plain":
            return read_plain(source)
        case "markdown":
            passage = read_html(source, keeps_lines=True, taken=taken)
            passage.notes.append(Note(NoteCode.MARKDOWN))
            return passage
        case "":
            return read_html(source, keeps_lines=not _TAG.search(source), taken=taken)
    return read_html(source, keeps_lines=True, taken=taken)


def read_string(source: str) -> Passage:
    """A line that is plain in other software, unless it is written in several languages."""
    return read_html(source) if is_multilingual(source) else read_plain(source)


def write_html(texts: Texts, languages: Iterable[str] | None = None) -> str:
    """A text as HTML. `languages` are those of the question, None for the text of the question itself."""
    said = [one for one in LANGUAGES if texts.get(one)]
    if not said:
        return ""
    first = texts[said[0]]
    is_for_all = all(texts[one] == first for one in said)
    if is_for_all and (said == [language_of(first)] if languages is None else set(said) == set(languages)):
        return _escaped(first)
    return "".join(f'<span lang="{one}" class="multilang">{_escaped(texts[one])}</span>' for one in said)


def write_images(source: str, alt: Texts, languages: Sequence[str]) -> str:
    """A picture in a text of these languages as HTML: once, or once for each language where they describe it otherwise."""
    said = [alt.get(one, "") for one in languages]
    if len(set(said)) == 1:
        return _image(source, said[0])
    return "".join(
        f'<span lang="{one}" class="multilang">{_image(source, text)}</span>'
        for one, text in zip(languages, said, strict=True)
    )


def _image(source: str, alt: str) -> str:
    # An opening brace might begin a language, or a gap.
    text = html.escape(alt).replace("{", "&lbrace;")
    return f'<img src="{html.escape(source)}" alt="{text}">'


def write_string(texts: Texts, languages: Iterable[str]) -> str:
    """A line for `read_string`: plain, unless it has to be in several languages."""
    said = {text for text in texts.values() if text}
    line = next(iter(said), "")
    if len(said) < 2 and set(texts) == set(languages) and not is_multilingual(line) and "\n" not in line:
        return line
    return "".join(
        f'<span lang="{one}" class="multilang">{_escaped(texts[one])}</span>'
        for one in LANGUAGES
        if texts.get(one)
    )


def _escaped(text: str) -> str:
    return _BEGIN_MLANG.sub("&lbrace;", html.escape(text, quote=False)).replace("\n", "<br>")


def _bounded(source: str) -> str:
    if len(source) > _LONGEST_SOURCE:
        raise FaultyQuestion(FaultCode.TOO_LONG, shortened(source[:_LONGEST_DETAIL]))
    return source


def _multilang_span(found: re.Match[str]) -> str:
    return f'<span class="multilang" lang="{html.escape(found[1])}">' if found[1] else "</span>"


def _known_language(name: str, passage: Passage) -> str | None:
    """One of ours for `ar`, `ar_EG`, `en-us`; for others English is taken where nothing is, with a note."""
    names = [re.split("[-_]", one)[0].lower() for one in name.split(",")]
    for one in names:
        if one in LANGUAGES:
            return one
    passage.notes.append(Note(NoteCode.LANGUAGE, shortened(name)))
    return name.lower() if "other" not in names else ENGLISH


def _note_formulas(passage: Passage) -> None:
    for found in _TEX.findall("".join(text for _language, text in passage.parts)[:LONGEST_TEXT]):
        passage.notes.append(Note(NoteCode.MATH, shortened(found)))


class _HtmlReader(HTMLParser):
    def __init__(self, *, keeps_lines: bool, taken: str) -> None:
        super().__init__(convert_charrefs=True)
        self._taken = taken
        self.passage = Passage()
        self._keeps_lines = keeps_lines
        self._pre = 0
        # For each open span, whether it says a language; the languages that are open.
        self._spans: list[bool] = []
        self._languages: list[str | None] = []
        # The tag whose text is not shown and how often it is open, and those whose text is raised or lowered.
        self._unseen, self._depth = "", 0
        self._raised: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if self._unseen:
            self._depth += tag == self._unseen
            return
        self._note(tag, given)
        if tag in _UNSEEN:
            self._unseen, self._depth = tag, 1
        elif tag in {"span", "lang"}:
            says = "lang" in given and (tag == "lang" or "multilang" in given.get("class", "").split())
            self._spans.append(says)
            if says:
                self._languages.append(_known_language(given["lang"], self.passage))
        elif tag in {"sub", "sup"}:
            self._raised.append((tag, len(self.passage.parts)))
        elif tag in {"td", "th"}:
            self._add(" ")
        elif tag == "li":
            self._add("\n- ")
        elif tag == "br" or tag in _BLOCKS:
            self._pre += tag == "pre"
            self._break(always=tag == "br")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._unseen:
            self._depth -= tag == self._unseen
            if not self._depth:
                self._unseen = ""
        elif tag in {"span", "lang"} and self._spans:
            if self._spans.pop() and self._languages:
                self._languages.pop()
        elif tag in {"sub", "sup"} and self._raised:
            self._end_raised()
        elif tag in _BLOCKS and tag != "li":
            self._pre -= tag == "pre" and self._pre > 0
            self._break()

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            keeps = self._keeps_lines or self._pre
            self._add(data if keeps else re.sub(r"[ \t\r\n\f]+", " ", data))

    def _add(self, text: str) -> None:
        language = next((one for one in reversed(self._languages) if one), None)
        self.passage.parts.append((language, text))

    def _break(self, *, always: bool = False) -> None:
        """A line end, unless one was there: blocks inside each other begin one line."""
        last = next((text for _language, text in reversed(self.passage.parts) if text.strip(" ")), "")
        if always or (last and not last.endswith(("\n", "\n- "))):
            self._add("\n")

    def _end_raised(self) -> None:
        tag, start = self._raised.pop()
        raised = "".join(text for _language, text in self.passage.parts[start:])
        signs = _SUPERSCRIPT if tag == "sup" else _SUBSCRIPT
        del self.passage.parts[start:]
        if raised and all(ord(sign) in signs for sign in raised):
            self._add(raised.translate(signs))
        elif raised.strip():
            self._add(f"^({raised})" if tag == "sup" else f"_{raised}")

    def _note(self, tag: str, given: dict[str, str]) -> None:
        if tag == "img" and (source := given.get("src")):
            language = next((one for one in reversed(self._languages) if one), None)
            self.passage.images.append(Image(source, given.get("alt", ""), language))
            if source == self._taken:
                return
        if tag in _MEDIA:
            where = given.get("src") or given.get("data") or tag
            self.passage.notes.append(
                Note(NoteCode.MEDIA, "data:" if where.startswith("data:") else shortened(where))
            )
            if given.get("alt"):
                self._add(f"[{given['alt']}]")
        elif tag == "script" or any(name.startswith("on") for name in given):
            self.passage.notes.append(Note(NoteCode.SCRIPT, tag))
        elif tag == "a" and given.get("href"):
            self.passage.notes.append(Note(NoteCode.LINK, shortened(given["href"])))
        elif tag in {"table", "math"}:
            self.passage.notes.append(Note(NoteCode.TABLE if tag == "table" else NoteCode.MATH))
