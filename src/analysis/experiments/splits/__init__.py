"""Splits: which rows are trained on and which are predicted, fold by fold; and blocks of rows."""
