"""Join tokens, base and every component sheet into `css/site.css`: one request instead of thirty.

Runs in set-up, before `collectstatic`. Sources stay one file per component; the joined file is not committed.
Sheets named `*_admin.css` belong to the Wagtail admin and stay apart.
"""

import re
from pathlib import Path

CSS = Path(__file__).resolve().parent.parent / "lms" / "static" / "css"
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
INDENT = re.compile(r"\n\s*")


def joined() -> str:
    """Every source in cascade order, without comments and indents."""
    components = sorted(
        sheet for sheet in (CSS / "components").glob("*.css") if not sheet.stem.endswith("_admin")
    )
    sources = [CSS / "tokens.css", CSS / "base.css", *components]
    text = "".join(COMMENT.sub("", source.read_text(encoding="utf-8")) for source in sources)
    return INDENT.sub("\n", text).strip() + "\n"


if __name__ == "__main__":
    (CSS / "site.css").write_text(joined(), encoding="utf-8")
