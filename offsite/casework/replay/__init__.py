"""Replay: a case told as a file, played through the real commands and rules with the clock moved forward.

Nothing outside is touched: a throwaway database, messages kept in memory.
"""
