"""The demo: the whole portal on this machine, with content and staff of its own."""
