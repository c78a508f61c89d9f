"""Facts about attendance: sessions, marks, spells, trends."""
