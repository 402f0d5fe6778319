"""What the converters must know of a function: its control flow and what its statements do with names."""
