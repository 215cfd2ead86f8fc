"""The data dictionary and the feature registry, from the schema ``meta`` of the warehouse."""
