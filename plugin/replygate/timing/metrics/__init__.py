"""Metrics: what platforms count of a store's replies, computed from facts alone."""
