"""Facts about the governing body: reviews, decisions and outcomes, half terms."""
