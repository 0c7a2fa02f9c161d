"""Says what a comment is: praise, criticism, suggestion, question or spam, and about what."""
