"""The rows, in the order of the table.

They import NumPy only; each contestant imports its framework when it is asked for.
"""

from __future__ import annotations

from benchmarks.row import Row
from benchmarks.rows.another_batch import another_batch
from benchmarks.rows.call_overhead import call_overhead
from benchmarks.rows.cnn import cnn
from benchmarks.rows.collatz import collatz
from benchmarks.rows.elementwise import elementwise
from benchmarks.rows.epoch import epoch
from benchmarks.rows.logistic_map import logistic_map
from benchmarks.rows.mlp_large import mlp_large
from benchmarks.rows.mlp_small import mlp_small
from benchmarks.rows.resnet import resnet
from benchmarks.rows.rnn import rnn
from benchmarks.rows.transformer import transformer, transformer_bf16

ROWS: dict[str, Row] = {
    row.name: row
    for row in (
        call_overhead,
        logistic_map,
        collatz,
        mlp_small,
        mlp_large,
        elementwise,
        rnn,
        cnn,
        resnet,
        transformer,
        transformer_bf16,
        epoch,
        another_batch,
    )
}
