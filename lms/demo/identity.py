"""A visual identity for the demo's ministry: an emblem that no state has, a gear around an open book."""

import math

from django.core.files.base import ContentFile
from django.db import transaction
from PIL import Image, ImageDraw
from wagtail.images import get_image_model
from wagtail.log_actions import log
from wagtail.models import Site

from accounts.enums import RoleName
from accounts.models import VisualIdentity
from lms.demo.clock import at, moment
from lms.demo.people import DemoPeople
from lms.demo.slides import encoded

LOGO = "شعار العرض التجريبي"
EMBLEM = "شارة العرض التجريبي"
# By the colors of the visual identity's defaults.
TEAL, AMBER, WHITE = (13, 101, 92), (242, 182, 50), (255, 255, 255)
# Drawn larger and reduced: Pillow draws without smoothing.
FINER = 4
TEETH = 12


@transaction.atomic
def build_identity(cast: DemoPeople) -> None:
    """Set a logo and an emblem where the site has none."""
    identity = VisualIdentity.for_site(Site.objects.get(is_default_site=True))
    if identity.logo_id or identity.emblem_id:
        return
    ministry = cast.login(RoleName.MINISTRY_OFFICER)
    images = get_image_model().objects
    with at(moment(-210, 11)):
        for field, title, size in (("logo", LOGO, 256), ("emblem", EMBLEM, 900)):
            file = ContentFile(encoded(draw(size), "PNG"), name=f"demo-{field}.png")
            setattr(identity, field, images.create(title=title, file=file, uploaded_by_user=ministry))
        identity.save()
        log(identity, "wagtail.edit", user=ministry)


def draw(size: int) -> Image.Image:
    """The emblem, `size` pixels square, on a transparent ground."""
    side = size * FINER
    picture = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    # A white rim, for the dark bars of the site.
    pen.polygon(_gear(side / 2, outer=side * 0.495, inner=side * 0.425, tooth=0.38), fill=WHITE)
    pen.polygon(_gear(side / 2, outer=side * 0.478, inner=side * 0.408, tooth=0.30), fill=TEAL)
    _disc(pen, side, 0.36, WHITE)
    _disc(pen, side, 0.335, TEAL)
    for mirrored in (False, True):
        page = [(0.5, 0.42), (0.29, 0.37), (0.29, 0.60), (0.5, 0.66)]
        pen.polygon([_place(side, x, y, mirrored=mirrored) for x, y in page], fill=WHITE)
        edge = [(0.5, 0.685), (0.29, 0.625), (0.29, 0.65), (0.5, 0.71)]
        pen.polygon([_place(side, x, y, mirrored=mirrored) for x, y in edge], fill=AMBER)
    pen.line([(side * 0.5, side * 0.42), (side * 0.5, side * 0.66)], fill=TEAL, width=side // 90)
    # A rising sun above the book.
    pen.pieslice([side * 0.42, side * 0.25, side * 0.58, side * 0.41], 180, 360, fill=AMBER)
    return picture.resize((size, size), Image.Resampling.LANCZOS)


def _gear(center: float, *, outer: float, inner: float, tooth: float) -> list[tuple[float, float]]:
    """Corners of a wheel: four for each tooth, which is so wide at its root, in parts of a step to either side."""
    step = 2 * math.pi / TEETH
    corners = ((-tooth, inner), (0.1 - tooth, outer), (tooth - 0.1, outer), (tooth, inner))
    return [
        (
            center + radius * math.sin((number + turn) * step),
            center - radius * math.cos((number + turn) * step),
        )
        for number in range(TEETH)
        for turn, radius in corners
    ]


def _disc(pen: ImageDraw.ImageDraw, side: int, radius: float, color: tuple[int, int, int]) -> None:
    low, high = side * (0.5 - radius), side * (0.5 + radius)
    pen.ellipse([low, low, high, high], fill=color)


def _place(side: int, x: float, y: float, *, mirrored: bool) -> tuple[float, float]:
    return (side * (1 - x if mirrored else x), side * y)
