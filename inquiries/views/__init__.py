"""What patients and families see: the request form, and the private page of one request."""
