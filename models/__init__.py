"""What is recorded: tables, the chronology, encrypted text, the database. Nothing here knows what a record means."""
