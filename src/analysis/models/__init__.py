"""Models: promoted runs, kept in versions, proven to predict the same wherever they are."""
