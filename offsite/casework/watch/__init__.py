"""The rules at work: looking, sweeping, alerts, and the watch over the sweep itself."""
