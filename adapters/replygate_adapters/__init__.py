"""Adapters between bot frameworks or protocols and the gate."""
