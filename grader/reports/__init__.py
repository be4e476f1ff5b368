"""Show results: each module writes one format and decides nothing."""
