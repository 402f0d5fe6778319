"""Forward differentiation: tangents recorded beside the nodes that they are of, eager or in a graph."""
