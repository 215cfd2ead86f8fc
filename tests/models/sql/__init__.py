"""Fitted pipelines as SQL, run on databases beside scikit-learn."""
