"""The code that a phone reads."""

from certificates.drawing.design import Block, Design
from certificates.drawing.kinds.painter import Painter
from certificates.drawing.paper import Paper


def payload_of(block: Block, paper: Paper) -> str:
    """What the code holds: where no offline form was made for the paper, its plain address."""
    if block.values["payload"] == "offline" and paper.offline_url:
        return paper.offline_url
    return paper.verify_url


def lay_out_qr(block: Block, _design: Design, paper: Paper) -> Painter:
    box, payload = block.box, payload_of(block, paper)
    size = min(box.width, box.height)
    left, bottom = box.left + (box.width - size) / 2, box.middle - size / 2
    # The address alone: nobody wants three hundred letters of a signature read aloud.
    alt = f"رمز للتحقق من الشهادة على الموقع: {paper.verify_url}"
    return lambda page: page.draw_qr(payload, left, bottom, size=size, alt=alt)
