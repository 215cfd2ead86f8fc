"""Tests of the site around the pages: navigation, listings, search, releases."""
