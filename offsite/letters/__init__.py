"""Letters: notice, invitation, outcome and review pack, drafted from a case. Drafts only: a person gives them."""

from pathlib import Path

TEMPLATES = Path(__file__).parent / "templates"
"""HTML and text templates, a pair a letter; packaged with the code."""
