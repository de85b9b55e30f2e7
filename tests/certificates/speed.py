"""What a certificate of the reference design costs: `python -m tests.certificates.speed`."""

import dataclasses
import time

from certificates.drawing import draw_certificate
from certificates.drawing.certificate_data import CertificateData
from tests.certificates.designs import paper
from tests.typesetting.speed import bare_canvas, milliseconds

PAGES = 200
_NAMES = ("السيد", "حسن", "علي", "محمود", "سعيد", "فوزي", "إبراهيم")


def papers(design: str) -> list[CertificateData]:
    """People with names, numbers and codes of their own."""
    usual = paper(design)
    return [
        dataclasses.replace(
            usual,
            number=f"CAI-03/2026/{number:06}",
            verify_url=f"https://mihna.example/v/7K3M9QXD{number:04}R",
            claims={
                **usual.claims,
                "name_ar": f"أحمد محمد {_NAMES[number % 7]} {_NAMES[number % 5]} {number}",
            },
        )
        for number in range(PAGES)
    ]


def main() -> None:
    bare = milliseconds(bare_canvas)
    for design in ("completion", "skill_level", "licence_card"):
        trials = papers(design)
        draw_certificate(trials[0])
        start = time.process_time()
        sizes = [len(draw_certificate(trial)) for trial in trials]
        cost = (time.process_time() - start) / PAGES * 1000
        print(f"{design}: {cost:.2f} ms, {max(sizes) / 1000:.0f} kB, {cost / bare:.1f} times a bare canvas")


if __name__ == "__main__":
    main()
