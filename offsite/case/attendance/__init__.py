"""Sessions, marks and spells of absence, counted."""
