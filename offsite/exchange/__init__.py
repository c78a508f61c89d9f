"""Data in and out: files of other systems, read row by row, refused row by row."""
