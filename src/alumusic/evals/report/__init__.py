"""Shows scores: as JSON for programs, on a terminal, and as a page with plots."""
