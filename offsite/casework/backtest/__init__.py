"""A backtest: the school's own recorded history under today's book and a candidate, side by side. Nothing is written."""
