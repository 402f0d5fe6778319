"""What runs graphs. Each backend registers itself with `autograph.runtime.backend`."""
