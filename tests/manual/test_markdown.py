"""What the renderer makes of a source."""

import pytest

from manual.markdown import BrokenPage, Picture, Rendered, render


def rendered(source: str) -> Rendered:
    return render(
        source,
        address_of=lambda slug: f"/admin/manual/{slug}/",
        picture_of=lambda name: Picture(f"/static/{name}.webp", 640, 400),
    )


def test_a_page_has_its_title_apart_and_an_anchor_on_each_heading():
    page = rendered(
        "# Lists\n\nFor all.\n\n## Keys *here* {#keys}\n\nText.\n\n## An empty list\n\n## An empty list\n"
    )

    assert page.title == "Lists"
    assert [section.anchor for section in page.sections] == ["", "keys", "an-empty-list", "an-empty-list-1"]
    assert [section.text for section in page.sections] == ["For all.", "Text.", "", ""]
    assert '<h2 id="keys">Keys <em>here</em></h2>' in page.html
    assert "<h1" not in page.html


def test_a_link_leads_to_a_page_of_the_manual_and_any_other_one_becomes_text():
    page = rendered(
        "# A\n\n[keys](lists.md#keys), [below](#b), [code](../../docs/x.md), [site](https://example.org/), [run](javascript:x)\n"
    )

    assert page.html.strip() == (
        '<p><a href="/admin/manual/lists/#keys">keys</a>, <a href="#b">below</a>, code, site, [run](javascript:x)</p>'
    )
    assert page.links == (("lists", "keys"), ("", "b"))


def test_html_in_a_source_is_shown_as_text():
    page = rendered("# A\n\n<script>alert(1)</script> and <b onclick=x>bold</b>\n")

    assert "<script" not in page.html
    assert "<b" not in page.html


def test_a_picture_comes_late_keeps_its_place_and_opens_in_full():
    page = rendered("# A\n\n![The sheet](pictures/sheet.webp)\n")

    assert 'href="/static/sheet.webp"' in page.html
    for fact in ('alt="The sheet"', 'width="640"', 'height="400"', 'loading="lazy"'):
        assert fact in page.html


@pytest.mark.parametrize("source", ["Text\n\n# A\n", "## A\n", "# A\n\n![x](https://example.org/x.png)\n"])
def test_a_source_that_cannot_be_shown_is_refused(source: str):
    with pytest.raises(BrokenPage):
        rendered(source)
