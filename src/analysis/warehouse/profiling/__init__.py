"""What the values of a relation look like: counts, ranges, frequent values, histograms."""
