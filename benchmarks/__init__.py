"""Benchmarks: the same work in AutoGraph and in other frameworks, checked for agreement, then timed side by side.

    make bench
    python -m benchmarks --rows mlp,rnn --peers jax,torch --repeats 20 --json out.json --svg chart.svg

`rows/` holds the work, one file a row, each with its contestants. NOTES.md says what bounds
each row and what was measured.
"""
