"""The key file is lost: what needs no text is still shown, and a form says why nothing can be saved."""

import pytest

from models.encrypted_text import KeyFile


@pytest.fixture
def keyless(pages, monkeypatch):
    """The pages, and a clerk who had signed in before."""
    who = pages.as_("clerk1")
    monkeypatch.setattr(pages.here, "key_file", KeyFile(None, "the-key-file"))
    return who


@pytest.mark.parametrize(("path", "status"), [("/clerk", 200), ("/placements/H8JE-66", 200), ("/nowhere", 404)])
def test_a_page_is_shown_without_the_key(keyless, path, status):
    shown = keyless.get(path)
    assert shown.status_code == status and "Sign out" in shown.text


def test_a_form_is_refused_and_says_what_is_missing(keyless):
    answer = keyless.post("/do/move_review", page="/do/move_review?review=H8JE-66-r1", step="record")
    assert answer.status_code == 503 and "the key file the-key-file is missing or damaged" in answer.text


def test_signing_in_says_what_is_missing(pages, monkeypatch):
    monkeypatch.setattr(pages.here, "key_file", KeyFile(None, "the-key-file"))
    nobody = pages.nobody()
    assert nobody.get("/sign-in").status_code == 200
    answer = nobody.post("/sign-in", email="clerk@invented.example", password="invented")
    assert answer.status_code == 503 and "the key file the-key-file is missing or damaged" in answer.text
