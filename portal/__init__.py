"""Site-wide code: settings, sign-in, roles, headers, home page, health checks and the demo."""

#: The release version. pyproject.toml and CHANGELOG.md name the same one.
__version__ = "0.1.0"
