"""Crawls a running demo: see the package."""

import argparse
import hashlib
import json
import shutil
import sys
from collections import Counter
from pathlib import Path

from scripts.crawl import looking
from scripts.crawl.html_checker import JAR, faults_in, is_wagtails
from scripts.crawl.language import faults_of
from scripts.crawl.visiting import PAGES_OF_A_KIND, Visit, Visitor

ROLES = (
    "",
    # With seats in two programs; the first one has only signed up.
    "trainee02",
    "instructor",
    "assessor",
    "registrar",
    "manager",
    "officer",
    "ministry",
    "auditor",
    "inspector",
)
CHECKS = ("status", "language", "html", "look")
KEPT = Path("var/crawl")
_REFUSED = 400


class Crawl:
    """The pages that were seen, and how much is wrong with them."""

    def __init__(self, checks: list[str]) -> None:
        self.checks = checks
        self.pages: dict[str, Visit] = {}
        self.found: Counter[str] = Counter()

    def keep(self, visit: Visit) -> None:
        name = f"{visit.role or 'guest'}-{hashlib.sha256(visit.address.encode()).hexdigest()[:10]}.html"
        self.pages[name] = visit
        (KEPT / name).write_text(visit.html, encoding="utf-8")
        if "status" in self.checks and visit.status >= _REFUSED:
            self.report("status", visit, str(visit.status))
        if "language" in self.checks:
            # Previews and drafts show the page as its readers get it.
            is_preview = "/preview/" in visit.address or "/view_draft/" in visit.address
            is_workplace = "/admin/" in visit.address and not is_preview
            for fault in faults_of(visit.html, digits="latn" if is_workplace else "arab"):
                # Wagtail's lists write the names of pages, pictures and people as they are.
                if not (is_workplace and fault.law.endswith("is marked")):
                    self.report("language", visit, f"{fault.law}: {fault.text}")

    def look(self, visits: list[Visit], visitor: Visitor, chromium: str) -> None:
        by_address = {visit.address: visit for visit in visits}
        for seen in looking.look_at(list(by_address), visitor.cookies, chromium):
            visit = by_address[seen.address]
            for rule in seen.rules:
                if looking.is_wagtails(rule, visit.address):
                    continue
                self.report("axe", visit, f"{seen.size}: {rule}")
            if seen.shift >= looking.MOST_SHIFT and looking.WAGTAILS_EDITORS not in visit.address:
                self.report("shift", visit, f"{seen.size}: {seen.shift:.3f}")
            for said in seen.said:
                self.report("console", visit, f"{seen.size}: {said}")
            if seen.is_too_wide:
                self.report("wide", visit, f"{seen.size}: wider than the screen")

    def check_html(self, jar: Path) -> None:
        for fault in faults_in([KEPT / name for name in self.pages], jar):
            if "/admin/" in self.pages[fault.file].address and is_wagtails(fault):
                continue
            self.report("html", self.pages[fault.file], f"{fault.message} | {fault.extract}")

    def report(self, check: str, visit: Visit, what: str) -> None:
        print(f"{check:8} {visit.role or 'guest':10} {visit.address} {what}")
        self.found[check] += 1


def main() -> int:
    arguments = argparse.ArgumentParser(prog="python -m scripts.crawl", description=__doc__)
    arguments.add_argument("--site", default="http://localhost:8000", help="where `make demo` serves")
    arguments.add_argument("--password", default="mihna-demo", help="of every login of the demo")
    arguments.add_argument("--roles", nargs="*", default=ROLES, help="logins of the demo; '' is a guest")
    arguments.add_argument("--checks", nargs="*", choices=CHECKS, default=CHECKS)
    arguments.add_argument("--of-a-kind", type=int, default=PAGES_OF_A_KIND, help="pages of each kind")
    arguments.add_argument("--jar", type=Path, default=JAR, help="of the Nu Html Checker")
    arguments.add_argument("--chromium", default="/usr/bin/chromium")
    chosen = arguments.parse_args()
    shutil.rmtree(KEPT, ignore_errors=True)
    KEPT.mkdir(parents=True)
    crawl = Crawl(chosen.checks)
    for role in chosen.roles:
        visitor = Visitor(chosen.site, role, chosen.password if role else "")
        visits = visitor.walk(of_a_kind=chosen.of_a_kind)
        print(f"{role or 'guest'}: {len(visits)} pages", flush=True)
        for visit in visits:
            crawl.keep(visit)
        if "look" in chosen.checks:
            crawl.look(visits, visitor, chosen.chromium)
    if "html" in chosen.checks:
        crawl.check_html(chosen.jar)
    print(json.dumps({"pages": len(crawl.pages), "faults": dict(crawl.found)}))
    return 1 if crawl.found else 0


sys.exit(main())
