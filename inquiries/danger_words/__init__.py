"""How words that may mean danger are found: the language of the patterns, what is shipped, and what
takes a found word back. The door is `inquiries.danger`."""
