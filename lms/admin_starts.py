"""Wagtail's widgets start by inline scripts, which our Content-Security-Policy refuses. Here they write data attributes,
and `admin_starts.js` starts the widgets. The templates in `templates/wagtailadmin/` do the same for dates, times and inline panels.
"""

import re
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.admin.widgets import BaseChooser

CALL = re.compile(r"(?P<call>(?:new )?\w+)\((?P<arguments>.*)\);?", re.DOTALL)


def start_from_data() -> None:
    """Render every chooser, Wagtail's and ours, without an inline script."""
    BaseChooser.render = render


def render(
    self: BaseChooser, name: str, value: Any, attrs: dict[str, Any], renderer: object = None
) -> SafeString:
    """In place of `BaseChooser.render`; raises ValueError where a chooser starts by anything but one call with JSON arguments."""
    data = self.get_value_data(value)
    script = self.render_js_init(attrs["id"], name, data)
    found = CALL.fullmatch(script)
    if not found:
        raise ValueError(f"{type(self).__name__} starts by more than one call: {script}")
    return format_html(
        '{}<template data-starts="{}" data-arguments="[{}]"></template>',
        self.render_html(name, data, attrs),
        found["call"],
        found["arguments"],
    )
