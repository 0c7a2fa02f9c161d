"""What we say to a language model: versioned files of Portuguese, and how they become a question."""
