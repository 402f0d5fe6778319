"""Linear algebra, with the names of the array API standard and of `keras.ops.linalg`, also of stacks of matrices."""

from autograph.ops.contraction import matmul, tensordot, vecdot
from autograph.ops.linalg.decompositions import cholesky, eigh, eigvalsh, qr, svd, svdvals
from autograph.ops.linalg.determinants import det
from autograph.ops.linalg.diagonals import diagonal, trace
from autograph.ops.linalg.general import eig, eigvals, expm, logdet, lu_factor
from autograph.ops.linalg.norms import matrix_norm, matrix_rank, vector_norm
from autograph.ops.linalg.products import cross, matrix_power, outer
from autograph.ops.linalg.solving import cholesky_inverse, lstsq, norm, solve_triangular
from autograph.ops.linalg.systems import inv, pinv, slogdet, solve
from autograph.ops.shape import matrix_transpose

__all__ = [
    "cholesky", "cholesky_inverse", "cross", "det", "diagonal", "eig", "eigh", "eigvals", "eigvalsh", "expm", "inv",
    "logdet", "lstsq", "lu_factor", "matmul", "matrix_norm", "matrix_power", "matrix_rank", "matrix_transpose",
    "norm", "outer", "pinv", "qr", "slogdet", "solve", "solve_triangular", "svd", "svdvals", "tensordot", "trace",
    "vecdot", "vector_norm",
]  # fmt: skip
