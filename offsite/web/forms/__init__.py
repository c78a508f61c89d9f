"""Forms: every command is one, made from its own fields, with labels, hints, check-answers and a confirmation."""
