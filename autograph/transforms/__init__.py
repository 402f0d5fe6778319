"""Graph in, graph out: differentiation and optimisation."""
