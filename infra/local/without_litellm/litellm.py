"""Stands before the real package on MLflow's path, so that MLflow does without it.

MLflow imports LiteLLM, where it finds it, at the first span that has a model in it, to work out a
cost. Here the two share one environment, and LiteLLM takes seconds to import, fails when a log line
is written meanwhile, and leaves that request without an answer. In production each has an environment
of its own; MLflow then uses its own price list, as it does here.
"""

raise ImportError("MLflow runs without LiteLLM here.")
