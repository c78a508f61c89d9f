"""The command line: what a clerk, a safeguarding lead or an engineer types."""
