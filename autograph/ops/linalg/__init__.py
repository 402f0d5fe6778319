"""Linear algebra, with the names of the array API standard; every function also of stacks of matrices."""

from autograph.ops.contraction import matmul, tensordot, vecdot
from autograph.ops.linalg.decompositions import cholesky, eigh, eigvalsh, qr, svd, svdvals
from autograph.ops.linalg.diagonals import diagonal, trace
from autograph.ops.linalg.norms import matrix_norm, matrix_rank, vector_norm
from autograph.ops.linalg.products import cross, matrix_power, outer
from autograph.ops.linalg.systems import det, inv, pinv, slogdet, solve
from autograph.ops.shape import matrix_transpose

__all__ = [
    "cholesky", "cross", "det", "diagonal", "eigh", "eigvalsh", "inv", "matmul", "matrix_norm", "matrix_power",
    "matrix_rank", "matrix_transpose", "outer", "pinv", "qr", "slogdet", "solve", "svd", "svdvals", "tensordot",
    "trace", "vecdot", "vector_norm",
]  # fmt: skip
