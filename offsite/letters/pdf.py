"""A document as PDF, from the same HTML that is shown on screen: tagged for screen readers, with page numbers."""

from functools import cache

from offsite.letters import TEMPLATES


class PdfUnavailable(Exception):
    """Pango is not on this machine: documents are HTML only until it is."""


def as_pdf(html: str) -> bytes:
    """The PDF (PDF/UA-1) of a document. Nothing outside it is fetched. Raises PdfUnavailable."""
    try:
        from weasyprint import CSS, HTML
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import URLFetcher
    except OSError as error:  # Pango's library is not there
        raise PdfUnavailable(f"PDF needs Pango (Debian: libpango-1.0-0, libpangoft2-1.0-0): {error}") from None
    fonts = FontConfiguration()
    made: bytes = HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=())).write_pdf(
        stylesheets=[CSS(string=styles(), font_config=fonts)], font_config=fonts, pdf_variant="pdf/ua-1"
    )
    return made


@cache
def styles() -> str:
    """How documents look, on screen and on paper."""
    return (TEMPLATES / "letter.css").read_text(encoding="utf-8")
