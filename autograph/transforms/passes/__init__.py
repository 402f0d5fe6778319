"""Optimisation passes: plain functions that change a graph in place."""
