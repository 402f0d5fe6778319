"""Tensors, variables, dtypes, the graph and how it is traced: what everything else stands on."""
