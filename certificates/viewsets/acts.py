"""Acts on one row by a form of a few fields."""

from typing import Any

from accounts.scoping.act_forms import ActFormView


class SimpleActView(ActFormView):
    """A form of a few fields, with what it does above it."""

    template_name = "certificates/admin/act.html"
    explanation: Any = ""
    submit_label: Any
    is_grave = False

    def refusal(self) -> str:
        """Why nothing can be done now, whatever is typed."""
        return ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(refusal=self.refusal(), back_url=self.back_url(), **kwargs)

    def back_url(self) -> str:
        return super().next_url()
