"""Reverse differentiation: one transform of recorded nodes, eager or in a graph."""
