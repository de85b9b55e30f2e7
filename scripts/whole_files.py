"""Files that somebody may be reading while they are made anew."""

from pathlib import Path


def write_whole(path: Path, text: str) -> None:
    """Readers find the old text or the new one, never half of it; what is there already is left alone."""
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return
    unfinished = path.with_name(f"{path.name}.new")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)
