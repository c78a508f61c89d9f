"""The law: calendars, the statutory clock, regimes, codes, dated parameters. Pure: no database, no clock."""
