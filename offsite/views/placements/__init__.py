"""A placement, and lists of placements, pupils, plans and what was entered of them."""
