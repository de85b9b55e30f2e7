"""The workspace of a cohort: one page with tabs, each with an address of its own, made by the server."""
