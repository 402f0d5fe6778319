"""The command `autograph`."""
