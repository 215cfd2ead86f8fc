"""The data-flow chart: from sources through views and datasets to pages."""
