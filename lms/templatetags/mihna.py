"""Template tags and filters of the site: digits, progress bars, charts, navigation."""

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any

from django import template
from django.http import HttpRequest
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_bidi
from wagtail.images.models import AbstractRendition
from wagtail.models import Page

from accounts.models import VisualIdentity
from accounts.services.formatting import format_near_date, format_percent, format_size, localize_digits
from accounts.services.phones import readable_phone
from lms.metadata import Metadata, metadata_of
from lms.navigation import NavigationItem, navigation_for
from lms.navigation import language_url as address_in_language
from lms.shared_rows import logo_of, remembered_logo

register = template.Library()

HEADING = re.compile(r"<(/?)h([2-6])(?=[\s>])")
MARKUP = re.compile(r"(<[^<>]*>|&[#\w]+;)")
ARABIC = re.compile(r"[\u0621-\u064a]")
LATIN = re.compile(r"[A-Za-z]")


def _wagtail_page(context: template.Context) -> Page | None:
    # Other views may call something else a page, such as a paginator's.
    page = context.get("page")
    return page if isinstance(page, Page) else None


@register.filter
def near_date(day: dt.date) -> str:
    """A day for a narrow column: without its year where that is this one."""
    return format_near_date(day)


@register.filter
def digits(value: Any) -> str:
    """The value in the digits of the page's language; markup and words with Latin letters stay as they are.

    >>> 62 -> ٦٢ and 1.25 -> ١٫٢٥ on an Arabic page, but in the workplace and where DIGITS_STYLE is "latn".
    """
    text: str = conditional_escape(value)
    parts = MARKUP.split(text)
    parts[::2] = [localize_digits(part) for part in parts[::2]]
    return mark_safe("".join(parts))  # noqa: S308 - escaped above, digits only since


@register.filter
def phone(number: str) -> SafeString:
    """A telephone number as people of its country write it, from left to right, in the digits of the page."""
    return format_html('<bdo dir="ltr">{}</bdo>', localize_digits(readable_phone(number)))


@register.filter
def in_own_language(value: Any) -> str:
    """A name or a title, marked with its language where it is in the other one than the page: `<bdi lang="ar">…</bdi>`.

    Readers of screens choose their voice by it. One with letters of both languages is in that of its first.
    """
    text = conditional_escape(value)
    language = _language_of(text)
    if not language or (get_language() or "").startswith(language):
        return mark_safe(f"<bdi>{text}</bdi>")  # noqa: S308 - escaped above
    return mark_safe(f'<bdi lang="{language}">{text}</bdi>')  # noqa: S308 - escaped above


@register.filter
def own_language(value: Any) -> str:
    """The language of a longer text, for the attribute of the block that it fills: that of its first letter, else of the page."""
    return _language_of(str(value)) or get_language() or ""


def _language_of(text: str) -> str:
    found = [
        (found.start(), name)
        for name, letters in (("ar", ARABIC), ("en", LATIN))
        if (found := letters.search(text))
    ]
    return min(found)[1] if found else ""


@register.filter(expects_localtime=True)
def moment(value: dt.datetime) -> str:
    """The moment for `<time datetime>`, which takes no more than milliseconds."""
    return value.isoformat(timespec="seconds")


@register.filter
def headings_in_order(html: str) -> SafeString:
    """What editors wrote, to come under the page's title: its headings begin at the second level and skip none.

    >>> h3, h4, h3 -> h2, h3, h2 and h4, h3 -> h2, h2.
    """
    above: list[int] = []

    def placed(found: re.Match[str]) -> str:
        slash, level = found[1], int(found[2])
        if not slash:
            while above and above[-1] >= level:
                above.pop()
            above.append(level)
        return f"<{slash}h{len(above) + 1}"

    return mark_safe(HEADING.sub(placed, html))  # noqa: S308 - as safe as it came: names of tags are exchanged


@register.filter
def percent(value: float | str) -> str:
    """62, 62.9 or "62.90" (as JSON keeps a decimal) -> "62%", on an Arabic page "٦٢٪"."""
    return mark_safe(format_percent(value))  # noqa: S308 - a number and a sign


@register.filter
def size(value: float) -> str:
    """Bytes as a person on a data plan reads them: "71.4 KB", on an Arabic page "٧١٫٤ كيلوبايت"."""
    return format_size(value)


@register.inclusion_tag("components/tape.html")
def progress_bar(
    value: float | None,
    maximum: float = 100,
    *,
    label: str,
    text: str = "",
    size: str = "",
    marks: Iterable[str] = (),
    is_length: bool = False,
) -> dict[str, Any]:
    """The progress bar, drawn as a measuring tape. `value=None` while the length is unknown; `label` is its text equivalent.

    `text` is shown under it, `size` is "", "thin" or "large", `marks` are printed one to a section. `is_length` says
    that the bar shows a length, not progress: full does not mean done.
    """
    printed = list(marks)
    reached = (value or 0) / maximum if maximum else 0
    return {
        "value": value,
        "maximum": maximum,
        "label": label,
        "text": text,
        "size": size,
        "marks": [(mark, (n + 1) / len(printed) <= reached) for n, mark in enumerate(printed)],
        "is_done": value is not None and value >= maximum > 0 and not is_length,
    }


@register.inclusion_tag("components/ring.html")
def progress_ring(value: float, maximum: float = 100, *, label: str) -> dict[str, Any]:
    """The progress bar as a ring, where a row has no space for its length."""
    share = min(100.0, max(0.0, 100 * value / maximum)) if maximum else 0.0
    return {"share": f"{share:.4g}", "text": percent(share), "label": label}


@register.inclusion_tag("components/chart.html")
def bar_chart(
    rows: Iterable[tuple[str, float]], *, title: str, unit: str = "", highlight: str = ""
) -> dict[str, Any]:
    """Columns of (label, number), first at the inline start, with the table behind them.

    `highlight` is the label of the column that carries the signal color.
    """
    rows = list(rows)
    top = max((number for _label, number in rows), default=0) or 1
    step = 100 / max(len(rows), 1)
    bars = []
    for position, (label, number) in enumerate(rows):
        place = len(rows) - 1 - position if get_language_bidi() else position
        height = 160 * number / top
        bars.append(
            {
                "label": label,
                "number": number,
                "x": f"{place * step + step * 0.18:.4g}%",
                "center": f"{place * step + step * 0.5:.4g}%",
                "width": f"{step * 0.64:.4g}%",
                "y": f"{190 - height:.4g}",
                "value_y": f"{182 - height:.4g}",
                "height": f"{height:.4g}",
                "is_highlight": label == highlight,
            }
        )
    return {"bars": bars, "title": title, "unit": unit}


@register.simple_tag(takes_context=True)
def main_places(context: template.Context) -> list[NavigationItem]:
    """The main navigation for this reader; empty where there is no request (the page of a broken server)."""
    request: HttpRequest | None = context.get("request")
    if request is None or not hasattr(request, "user"):
        return []
    return navigation_for(request, _wagtail_page(context))


@register.simple_tag(takes_context=True)
def language_url(context: template.Context, language: str) -> str:
    """The address of this page in `language`."""
    request: HttpRequest | None = context.get("request")
    if request is None:
        return f"/{language}/"
    return address_in_language(request, language, _wagtail_page(context))


@register.simple_tag(takes_context=True)
def page_metadata(context: template.Context) -> Metadata | None:
    """Metadata of the page; nothing where search engines are to leave it out."""
    request: HttpRequest | None = context.get("request")
    if request is None:
        return None
    # A page outside every site (a foreign host name, a broken server) has no identity.
    identity = context.get("identity")
    return metadata_of(request, _wagtail_page(context), provider=identity.authority if identity else "")


# Words that begin a name of two: "servant of", "father of".
BEGINS_A_NAME = ("عبد", "أبو", "ابو", "أم", "ام")


@register.filter
def first_name(name: str) -> str:
    """What a person is called in the header: the first name, which may be of two words, without a title.

    >>> "عبد الرحمن محمود السيد" -> "عبد الرحمن", "د. هالة فوزي" -> "هالة"
    """
    words = _without_titles(name)
    return " ".join(words[: 2 if words and words[0] in BEGINS_A_NAME else 1])


@register.filter
def first_letter(name: str) -> str:
    return next((letter for letter in " ".join(_without_titles(name)) if letter.isalpha()), "•")


def _without_titles(name: str) -> list[str]:
    """The words of a name; titles are abbreviated: "د.", "م.", "Eng."."""
    words = name.split()
    return [word for word in words if not word.endswith(".")] or words


@register.filter
def has_own_colors(identity: VisualIdentity | None) -> bool:
    """Whether the ministry chose other colors than the ones in the style sheet."""
    if not identity:
        return False
    fields = (VisualIdentity._meta.get_field(name) for name in ("accent", "signal"))
    # A page outside every site (a foreign host name, a broken server) has no identity.
    return bool(identity) and any(getattr(identity, field.name).lower() != field.default for field in fields)


@register.simple_tag
def site_logo(identity: VisualIdentity | None) -> AbstractRendition | None:
    """The logo as the header shows it, if the ministry has one."""
    if not identity or not identity.logo_id:
        return None
    return remembered_logo(identity) or logo_of(identity)


@register.filter
def other_language(language: str) -> str:
    return "en" if language.startswith("ar") else "ar"


@register.filter
def hex_digits(color: str) -> SafeString:
    """`#0D655C` -> `0d655c`, as the address of the identity's style sheet wants it."""
    return SafeString(color.lstrip("#").lower())
