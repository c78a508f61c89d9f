"""The return, the closing of a placement, and the end of its record."""
