"""Review meetings and what they decide."""
