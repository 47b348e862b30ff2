"""Certificates as PDF: laid out once for each layout, then only the person's texts are set."""

import json
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from rules.certificate_kinds import HEADINGS, kind_of
from rules.certificate_layouts import CertificateLayout, Typeface
from rules.refusals import Refused
from services import certificates_backgrounds, documents
from services.certificates_fonts import font
from services.certificates_metadata import About
from services.certificates_pages import BACKGROUND, style, whole_page
from services.certificates_pdf import Contents, certificate_pdf
from services.certificates_preparing import prepared
from services.certificates_seals import Seal
from services.certificates_setting import Setter
from services.certificates_signing import Signing
from services.certificates_values import one_line, values_of


class Paper(NamedTuple):
    """A certificate to be printed: frozen facts, and where they can be checked."""

    facts: Mapping[str, Any]
    check_code: str
    check_url: str


class Renderer:
    """Makes the certificates of one layout."""

    def __init__(self, layout: CertificateLayout, folder: Path, seal: Seal | None = None) -> None:
        self._layout = layout
        self._seal = seal
        self._prepared = prepared(layout, folder)
        self._background = certificates_backgrounds.read(layout.background, folder)
        self._setter = Setter(layout, self._prepared.struts)

    def pdf(self, paper: Paper, signing: Signing | None = None) -> bytes:
        """Return a certificate as PDF/A-3a and PDF/UA-1; raise Refused when a text has no room."""
        texts = self._setter.set(values_of(paper.facts, paper.check_code))
        facts = facts_text(paper.facts)
        contents = Contents(
            texts,
            self._about(paper),
            facts,
            paper.check_url,
            self._seal,
            self._background,
            signing,
        )
        return certificate_pdf(self._layout, self._prepared, contents)

    def slow_pdf(self, paper: Paper) -> bytes:
        """Return the page as WeasyPrint draws it, without a seal: the measure for the other."""
        pictures = {BACKGROUND: self._background} if self._background else {}
        return documents.page_pdf(self.page(paper), style(self._layout), pictures)

    def page(self, paper: Paper) -> str:
        """Return the same certificate as a page for WeasyPrint."""
        texts = self._setter.set(values_of(paper.facts, paper.check_code))
        return whole_page(self._layout, texts, self._about(paper).title, paper.check_url)

    def problems(self, paper: Paper) -> list[Refused]:
        """List what keeps a certificate from being printed: characters, texts without room."""
        return self._setter.problems(values_of(paper.facts, paper.check_code))

    def prepare_for_many(self) -> None:
        """Say that a long run begins."""
        for typeface in Typeface:
            font(typeface).prepare_for_many()

    def _about(self, paper: Paper) -> About:
        facts = paper.facts
        return About(
            one_line(f"{HEADINGS[kind_of(facts)]} {facts['number']}"),
            one_line("、".join(facts["issuers"])),
            one_line("".join(facts.get(key, "") for key in ("edition", "event", "award"))),
            self._layout.language,
            date.fromisoformat(facts["date"]),
        )


@lru_cache(maxsize=16)
def checker(layout: CertificateLayout) -> Setter:
    """Return what sets texts only to see whether they can be set; that needs no baselines."""
    return Setter(layout, dict.fromkeys(Typeface, 0.0))


@lru_cache(maxsize=16)
def renderer(layout: CertificateLayout, folder: Path, seal: Seal | None = None) -> Renderer:
    """Return the renderer of a layout, made once a process."""
    return Renderer(layout, folder, seal)


def facts_text(facts: Mapping[str, Any]) -> bytes:
    """Write facts in the one form whose digest is kept."""
    return json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
