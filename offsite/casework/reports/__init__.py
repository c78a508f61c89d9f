"""Reports: what the alerts and the sweeps have been like, for whoever wants to change the book or trust it."""
