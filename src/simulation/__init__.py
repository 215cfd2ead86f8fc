"""Data of the demo that are simulated, so that the truth behind them is known."""
