"""Models in the site: what is deployed, how good it is, and how it is called."""
