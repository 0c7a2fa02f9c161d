"""What is kept: tables, statements and migrations, on SQLite or PostgreSQL."""
