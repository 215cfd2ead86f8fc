"""Following the registry: a version that comes, or changes its stage, is served soon after."""
