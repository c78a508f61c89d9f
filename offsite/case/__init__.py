"""What the rows of one placement amount to: pure functions of a case and a day or instant. Reads, never writes."""
