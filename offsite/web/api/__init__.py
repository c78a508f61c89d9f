"""JSON at `/api`: the same views and commands as the pages, with tokens, described by OpenAPI."""
