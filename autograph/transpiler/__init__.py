"""Python source in, Python source out."""
