"""Papers for a meeting: the review pack, the evidence on readiness."""
