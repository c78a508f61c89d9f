"""Offsite: off-site directions of schools in England, on time and watched over."""
