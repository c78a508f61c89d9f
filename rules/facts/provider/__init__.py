"""Facts about the provider: its checks, its changes, and all that one school knows of it."""
