"""What patients and families see: the way to ask, and the private page of one request."""
