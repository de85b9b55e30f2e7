"""QR codes as pictures in pages."""

from io import BytesIO

from segno import make as make_qr_code


def qr_svg(text: str, *, fills: bool = False) -> str:
    """An SVG element, black on white whatever the page's colors: a camera reads it. One that `fills` is as large as its box."""
    picture = BytesIO()
    make_qr_code(text, error="m", micro=False).save(
        picture,
        kind="svg",
        scale=1 if fills else 4,
        omitsize=fills,
        dark="#000",
        light="#fff",
        xmldecl=False,
    )
    return picture.getvalue().decode()
