"""What staff see of requests: the queue, each request, and who saw what.

The addresses are in `inquiries.staff_urls`; the admin site requires a sign-in for all of them.
"""
