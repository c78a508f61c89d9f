"""Governor reviews and requests for them."""
