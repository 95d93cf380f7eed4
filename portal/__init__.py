"""The site: settings, sign-in, roles, headers, home, health, and the demo."""

#: The release; pyproject.toml and CHANGELOG.md name the same one.
__version__ = "0.1.0"
