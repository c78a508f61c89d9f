"""The rule book and its engine: what raises an alert. Reads, never writes."""
