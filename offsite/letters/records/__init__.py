"""Records: what is on record about one thing, set out to be printed."""
