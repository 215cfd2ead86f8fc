"""The website: configuration, renderers, navigation, listings, search, releases."""
