"""Documents: parsed, found stale or fresh, executed, and frozen as Quarto does."""
