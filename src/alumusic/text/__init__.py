"""Pure work on text: normalising, language, masking of personal data."""
