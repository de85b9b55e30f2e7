"""What certificates should look like, as pictures in `golden/`.

After a wanted change of looks, `python -m tests.certificates.goldens` draws them again; look at each before committing
it. `old_design` and `first_edition/` are never drawn again: they are how certificates looked before designs had blocks, and
before the second edition of those that come with the product.
"""

from pathlib import Path

import pypdfium2
from PIL import Image

from certificates.drawing import draw_certificate, sample_certificate
from tests.certificates.designs import ASSETS, SITE, first_edition, paper

FOLDER = Path(__file__).parent / "golden"
# Design, whether its card, and pixels a point.
SHEETS = {
    "completion": ("completion", False, 1),
    "skill_level": ("skill_level", False, 1),
    "skill_level_card": ("skill_level", True, 2),
    "licence_card": ("licence_card", False, 2),
    "supplement": ("supplement", False, 1),
    "attendance": ("attendance", False, 1),
}
# Those of which there was another edition.
SECOND_EDITIONS = [name for name in SHEETS if name != "attendance"]


def sheets(pdf: bytes, *, scale: float = 1) -> list[Image.Image]:
    """Every sheet in gray."""
    return [page.render(scale=scale).to_pil().convert("L") for page in pypdfium2.PdfDocument(pdf)]


def drawn(name: str) -> list[Image.Image]:
    design, card, scale = SHEETS[name]
    return sheets(draw_certificate(paper(design), card=card), scale=scale)


def drawn_as_first(name: str) -> list[Image.Image]:
    """The sheets of a certificate that was issued with the first edition of a design."""
    design, card, scale = SHEETS[name]
    old = sample_certificate("usual", design=first_edition(design), site=SITE, assets=ASSETS)
    return sheets(draw_certificate(old, card=card), scale=scale)


def path_of(name: str, number: int, *, folder: Path = FOLDER) -> Path:
    return folder / f"{name}-{number}.png"


def main() -> None:
    for name in SHEETS:
        for number, picture in enumerate(drawn(name), start=1):
            picture.save(path_of(name, number), optimize=True)


if __name__ == "__main__":
    main()
