"""What generated code calls: each verb runs as plain Python, or builds graph ops when a tensor of a graph decides."""
