"""Letters the law has the school write: the notice, the invitation to a review, the outcome."""
