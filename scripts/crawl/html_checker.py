"""Runs the Nu Html Checker over saved pages: npm's `vnu-jar`, which needs Java."""

import json
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

JAR = Path("scripts/crawl/node_modules/vnu-jar/build/dist/vnu.jar")

# What Wagtail's own templates write, as (the message begins, the place holds). Browsers repair all of it in the way that is meant; a
# copy of each template here would have to follow each of its releases.
WAGTAILS = (
    # Its menus: a div with the type of a button, and divs in buttons and labels.
    ("Attribute “type” not allowed on element “div”", "w-dropdown"),
    ("Element “div” not allowed as child of element “button”", '<div class="w-'),
    ("Element “div” not allowed as child of element “button”", "<div data-side-panel-toggle-counter"),
    ("Element “div” not allowed as child of element “label”", "form-side__resize-grip-icon"),
    # Its dates, with microseconds.
    ("Bad value", '<time class="w-human-readable-'),
    # Its choosers and editors of text are hidden fields with the attributes of seen ones.
    ("The value of the “for” attribute of the “label” element must be the ID", 'id="id_'),
    ("Attribute “required” not allowed on element “input”", 'type="hidden"'),
    ("Attribute “required” is only allowed when the input type is", 'type="hidden"'),
    ("An “input” element with a “type” attribute whose value is “hidden” must not have", 'type="hidden"'),
    # Its form of one's account, which is sent to its own address.
    ("Bad value “” for attribute “action” on element “form”", 'id="w-editor-form"'),
    # Its list of collections, and its lists of images.
    ("Character reference was not terminated by a semicolon", "&#x21b3"),
    ("Stray start tag “td”", "bulk-action-checkbox-cell"),
    ("Stray end tag “td”", "</td>"),
    # Its lists that found nothing, and its progress of a review.
    ("Bad value “alert” for attribute “role” on element “h2”", '<h2 role="alert">'),
    ("“th” start tag in table body", "workflow-progress-table"),
    # Its preview shows what to do without scripts inside the frame.
    ("Text not allowed in element “iframe”", ""),
)


class HtmlFault(NamedTuple):
    file: str
    line: int
    message: str
    extract: str


def faults_in(files: Iterable[Path], jar: Path) -> list[HtmlFault]:
    """Its errors; warnings and notes are left to people. Raises FileNotFoundError without Java."""
    command = [
        "java",
        "-jar",
        str(jar),
        "--errors-only",
        "--exit-zero-always",
        "--format",
        "json",
        *map(str, files),
    ]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    return [
        HtmlFault(
            file=Path(one["url"]).name,
            line=one.get("lastLine", 0),
            message=one["message"],
            extract=" ".join(one.get("extract", "").split())[:160],
        )
        for one in json.loads(said)["messages"]
    ]


def is_wagtails(fault: HtmlFault) -> bool:
    """Whether a fault is known to be of Wagtail's own markup, which is in the workplace alone."""
    return any(fault.message.startswith(begins) and holds in fault.extract for begins, holds in WAGTAILS)
