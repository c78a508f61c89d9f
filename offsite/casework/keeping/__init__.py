"""The installation: opening it, its health, its backups, its demonstration."""
