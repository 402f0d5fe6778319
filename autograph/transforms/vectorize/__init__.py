"""Vectorisation: a graph for one lane becomes a graph for all lanes at once."""
