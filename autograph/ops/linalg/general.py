"""Functions of general matrices: triangular factors, eigenvalues, exponentials."""

from __future__ import annotations

from typing import Any, NamedTuple

from autograph.ops.linalg.factorizations import eig_op, expm_op, lu_op
from autograph.ops.linalg.matrices import inexact
from autograph.ops.linalg.systems import slogdet
from autograph.runtime.apply import apply


class Eig(NamedTuple):
    """Eigenvalues and eigenvectors as columns, complex."""

    eigenvalues: Any
    eigenvectors: Any


def eig(x: Any, /) -> Eig:
    """Eigenvalues and eigenvectors of general matrices.

    Args:
        x: tensor [..., n, n]. Gradients of what does not depend on the phases of the vectors are right.

    Returns:
        `eigenvalues` [..., n] and `eigenvectors` [..., n, n] of length 1, in columns, both complex.

    Raises:
        ShapeError: the matrices are not square.
        numpy.linalg.LinAlgError: an element is infinite or NaN.

    Example:
        >>> import autograph as ag
        >>> ag.ops.linalg.eig(ag.constant([[0.0, 1.0], [-1.0, 0.0]])).eigenvalues.numpy()
        array([0.+1.j, 0.-1.j], dtype=complex64)
    """
    return Eig(*apply(eig_op, inexact(x, "eig")))


def eigvals(x: Any, /) -> Any:
    """Eigenvalues of general matrices.

    Args:
        x: tensor [..., n, n].

    Returns:
        Complex tensor [..., n].

    Raises:
        ShapeError: the matrices are not square.

    Example:
        >>> import autograph as ag
        >>> ag.ops.linalg.eigvals(ag.constant([[2.0, 1.0], [0.0, 3.0]])).numpy()
        array([2.+0.j, 3.+0.j], dtype=complex64)
    """
    return eig(x).eigenvalues


def lu_factor(x: Any) -> tuple[Any, Any]:
    """The triangular factors of matrices whose rows are exchanged.

    Args:
        x: tensor [..., n, n].

    Returns:
        Both factors in one matrix [..., n, n] (the ones on the diagonal of the lower one left out), and for each
        row the row that it was exchanged with, int64 [..., n].

    Raises:
        ShapeError: the matrices are not square.

    Example:
        >>> import autograph as ag
        >>> ag.ops.linalg.lu_factor(ag.constant([[1.0, 2.0], [2.0, 6.0]]))[0].numpy()
        array([[ 2. ,  6. ],
               [ 0.5, -1. ]], dtype=float32)
    """
    factors, pivots, _ = apply(lu_op, inexact(x, "lu_factor"))
    return factors, pivots


def expm(x: Any) -> Any:
    """The exponential of matrices.

    Args:
        x: tensor [..., n, n].

    Returns:
        Tensor [..., n, n].

    Raises:
        ShapeError: the matrices are not square.

    Example:
        >>> import autograph as ag
        >>> ag.ops.linalg.expm(ag.constant([[0.0, 1.0], [0.0, 0.0]])).numpy()
        array([[1., 1.],
               [0., 1.]], dtype=float32)
    """
    return apply(expm_op, inexact(x, "expm"))


def logdet(x: Any) -> Any:
    """The logarithms of the determinants of matrices of which they are positive.

    Args:
        x: tensor [..., n, n].

    Returns:
        Tensor [...], real.

    Raises:
        ShapeError: the matrices are not square.

    Example:
        >>> import autograph as ag
        >>> ag.ops.linalg.logdet(ag.constant([[2.0, 0.0], [0.0, 0.5]])).numpy()
        array(0., dtype=float32)
    """
    return slogdet(x).logabsdet
