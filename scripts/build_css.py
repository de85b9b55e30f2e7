"""Join the sheets of the site and of the live room: one request instead of thirty.

`css/site.css` is tokens, base and every component; `css/room.css` is what only a live room shows. Runs in set-up, before
`collectstatic`. Sources stay one file per component; the joined files are not committed. Sheets named `*_admin.css`
belong to the Wagtail admin and stay apart.
"""

import re
from pathlib import Path

from scripts.whole_files import write_whole

CSS = Path(__file__).resolve().parent.parent / "lms" / "static" / "css"
JOINED = ("site.css", "room.css")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
INDENT = re.compile(r"\n\s*")


def joined(name: str = "site.css") -> str:
    """Every source of a joined sheet in cascade order, without comments and indents."""
    if name == "room.css":
        # Next to the sheets of the site: addresses in a sheet are relative to where it is, and to where it is joined.
        sources = [CSS / "room_fonts.css", *sorted((CSS / "room").glob("*.css"))]
    else:
        components = sorted(
            sheet for sheet in (CSS / "components").glob("*.css") if not sheet.stem.endswith("_admin")
        )
        sources = [CSS / "tokens.css", CSS / "base.css", *components]
    text = "".join(COMMENT.sub("", source.read_text(encoding="utf-8")) for source in sources)
    return INDENT.sub("\n", text).strip() + "\n"


def build() -> None:
    for name in JOINED:
        write_whole(CSS / name, joined(name))


if __name__ == "__main__":
    build()
