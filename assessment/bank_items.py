"""Questions of the bank as items of files, and items as questions of the bank.

Two questions are alike where their items are: ids, places of choices and the writing of numbers make no difference.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any

from assessment.bilingual import Draft
from assessment.blocks.medium import PICTURE
from assessment.enums import QuestionKind
from assessment.exchange.canonical import canonical
from assessment.exchange.item import FaultyQuestion, Item, Picture


def draft_of_item(
    item: Item, picture: Mapping[str, Any] | None = None, shown: Mapping[str, Any] | None = None
) -> Draft:
    """As the bank keeps an item. `picture`: of a hotspot, its source, width and height; `shown`: of the picture in its text."""
    content, key = item.stored_content, item.stored_key
    medium = content.pop("medium", None)
    if medium is not None and shown is not None:
        content["medium"] = {"kind": PICTURE, **shown, "alt": medium["alt"]}
    if item.kind == QuestionKind.HOTSPOT and picture is not None:
        inner = dict(content["instead"]["content"])
        content |= {
            "picture": dict(picture),
            "ratio": f"{picture['height']}/{picture['width']}",
            # No format says what a picture shows; its name in the file is no description.
            "alt": {},
            "instead": {
                "kind": content["instead"]["kind"],
                "text": inner.pop("text", {}),
                "content": inner,
            },
        }
    return Draft(item.kind, content, key)


def item_of_draft(
    draft: Draft,
    *,
    title: str = "",
    tags: Sequence[str] = (),
    difficulty: int | None = None,
    picture: bytes | None = None,
    shown: bytes | None = None,
) -> Item:
    """A question of the bank as an item. `picture`: of a hotspot, a PNG; `shown`: the picture in its text, another one."""
    content = {name: value for name, value in draft.content.items() if name != "text"}
    key = {name: value for name, value in draft.key.items() if name != "explanation"}
    pictures: tuple[Picture, ...] = ()
    if draft.kind == QuestionKind.HOTSPOT:
        instead = content["instead"]
        text = {"text": instead["text"]} if instead.get("text") else {}
        content |= {
            "picture": f"{content['picture']['source']}.png",
            "instead": {"kind": instead["kind"], "content": {**text, **instead["content"]}},
        }
        content.pop("alt", None)
        if picture is not None:
            pictures = (Picture(content["picture"], picture),)
    match content.pop("medium", None):
        case {"kind": "picture", "source": source, "alt": alt}:
            content["medium"] = {"picture": f"{source}.png", "alt": alt}
            if shown is not None:
                pictures = (*pictures, Picture(f"{source}.png", shown))
        case {"kind": "recording", "sha256": recording}:
            content["medium"] = {"recording": recording}
    return Item(
        draft.kind,
        draft.content["text"],
        content,
        key,
        draft.key.get("explanation", {}),
        tags=tuple(tags),
        difficulty=difficulty,
        title=title,
        pictures=pictures,
    )


def likeness_of(draft: Draft) -> bytes:
    """The same for drafts that ask and mark the same; empty for one that no file could hold."""
    try:
        item = canonical(item_of_draft(draft))
    except FaultyQuestion:
        return b""
    # Of a picture its source counts; programs differ in how wide it is.
    content = {name: value for name, value in item.content.items() if name != "ratio"}
    said = replace(item, content=content)
    text = json.dumps(
        [said.kind, said.stored_content, said.stored_key],
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return sha256(text.encode("utf-8", "surrogatepass")).digest()
