"""What staff see of requests: the queue, each request, and who saw what.

`inquiries.staff_urls` has the addresses; the admin site puts its sign-in before all of them.
"""
