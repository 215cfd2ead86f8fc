"""From a run to a new version of a model."""
