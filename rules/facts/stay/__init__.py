"""Facts about the stay: its length, its progress, its end and what follows."""
