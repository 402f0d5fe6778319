"""Libraries that take any array of the Python array API standard, on tensors: SciPy, scikit-learn, einops.

SCIPY_ARRAY_API=1 python examples/array_api_consumers.py
"""

import os

os.environ["SCIPY_ARRAY_API"] = "1"  # SciPy reads it when it is imported first

import einops.array_api as einops
import numpy as np
import scipy.integrate
import scipy.special
import scipy.stats
import sklearn
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import Ridge
from sklearn.preprocessing import StandardScaler

import autograph as ag


def with_scipy(x):
    """Standard scores, log-sum-exp, and an integral by the trapezoidal rule."""
    return [scipy.stats.zscore(x), scipy.special.logsumexp(x, axis=1), scipy.integrate.trapezoid(x, axis=0)]


def with_sklearn(x, labels):
    """Scaled features, principal components, a ridge regression and predicted classes."""
    with sklearn.config_context(array_api_dispatch=True):
        scaled = StandardScaler().fit_transform(x)
        components = PCA(n_components=2, svd_solver="full").fit(scaled).transform(scaled)
        weights = Ridge(solver="svd").fit(scaled, scaled[:, 0]).coef_
        classes = LinearDiscriminantAnalysis().fit(scaled, labels).predict(scaled)
    return [scaled, components, weights, classes]


def with_einops(x):
    """Columns regrouped, reduced and repeated."""
    return [
        einops.rearrange(x, "n (a b) -> (n a) b", a=2),
        einops.reduce(x, "n f -> f", "mean"),
        einops.repeat(x, "n f -> n f 3"),
    ]


@ag.function
def pooled(x):
    """The same in a graph, whose gradient is known."""
    return ag.ops.sum(einops.reduce(x, "n (a b) -> n a", "max", b=2) ** 2)


def main():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(60, 4))
    labels = (x[:, 0] + x[:, 1] > 0).astype(np.int64)
    pairs = []
    for run, arrays in ((with_scipy, (x,)), (with_sklearn, (x, labels)), (with_einops, (x,))):
        tensors = [ag.ops.asarray(array) for array in arrays]
        pairs += list(zip(run(*tensors), run(*arrays), strict=True))
        print(f"{run.__name__}: {', '.join(str(out.shape) for out in run(*tensors))}")
    return pairs, ag.grad(pooled)(ag.constant(x)), x


if __name__ == "__main__":
    main()
