"""Join tokens, base and every component sheet into `css/site.css`: one request instead of thirty.

Runs in setup, before `collectstatic`. Sources stay one file per component; the joined file is not committed.
"""

import re
from pathlib import Path

CSS = Path(__file__).resolve().parent.parent / "lms" / "static" / "css"
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
INDENT = re.compile(r"\n\s*")


def joined() -> str:
    """Every source in cascade order, without comments and indents."""
    sources = [CSS / "tokens.css", CSS / "base.css", *sorted((CSS / "components").glob("*.css"))]
    text = "".join(COMMENT.sub("", source.read_text(encoding="utf-8")) for source in sources)
    return INDENT.sub("\n", text).strip() + "\n"


if __name__ == "__main__":
    (CSS / "site.css").write_text(joined(), encoding="utf-8")
