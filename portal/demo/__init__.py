"""The demo: the whole portal on this machine, with its own content and staff."""
