"""`@ag.function`: signatures, the cache of concrete functions, and how a function is traced."""
