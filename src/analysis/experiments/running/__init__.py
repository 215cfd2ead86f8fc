"""Running the candidates of an experiment: in processes of their own, each run kept whole."""
