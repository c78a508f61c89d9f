"""Who may see and do what, decided here and nowhere else: for pages, JSON, documents, exports and search alike."""
