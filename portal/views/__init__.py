"""The site's own pages, and search over all of them."""
