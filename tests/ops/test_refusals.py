"""What bad operands get from functions beyond the array API standard, eagerly and in graphs."""

import numpy as np
import pytest

import autograph as ag

ops, la, im = ag.ops, ag.ops.linalg, ag.ops.image
E = ag.errors
X = np.arange(12.0).reshape(3, 4) + 1
ROWS = [
    (lambda x: ops.split(x, 2), E.ShapeError, "2 equal parts"),
    (lambda x: ops.split(x, 2, 5), E.AxisError, "axis 5"),
    (lambda x: ops.hstack([]), E.ShapeError, "concat of no tensors"),
    (lambda x: ops.transpose(x, (0, 0)), E.ShapeError, "order of the 2 axes"),
    (lambda x: ops.swapaxes(x, 0, 2), E.AxisError, "axis 2"),
    (lambda x: ops.rot90(x, axes=(0, 0)), E.ShapeError, "rot90"),
    (lambda x: ops.diag(x[None]), E.ShapeError, "diag of a tensor of 3"),
    (lambda x: ops.diagonal(x, 0, 1, 1), E.ShapeError, "diagonal of axes 1 and 1"),
    (lambda x: ops.vander(x), E.ShapeError, "vander"),
    (lambda x: ops.dot(x, x), E.ShapeError, "tensordot of shapes"),
    (lambda x: ops.inner(x, x[0, :2]), E.ShapeError, "tensordot of shapes"),
    (lambda x: ops.vdot(x, x[0]), E.ShapeError, "vecdot"),
    (lambda x: ops.cross(x, x), E.ShapeError, "cross along axis"),
    (lambda x: ops.correlate(x, x), E.ShapeError, "correlate of"),
    (lambda x: ops.einsum("ij,jk", x), E.ShapeError, "of 1 operands"),
    (lambda x: ops.einsum("ij,jk->ik", x, x), E.ShapeError, r"of f64\[3, 4\] and f64\[3, 4\]: .*'j' differ"),
    (lambda x: ops.median(x[:0]), E.ShapeError, "of no elements"),
    (lambda x: ops.nn.sparsemax(x[:, :0]), E.ShapeError, "of no elements"),
    (lambda x: ops.eye("x"), E.DTypeError, "a range of 0, 'x', 1"),
    (lambda x: ops.nn.max_pool(x[None, :, :, None], 0), E.ShapeError, "pool_size 0 for 2 axes"),
    (lambda x: ops.nn.conv(x[None], ops.ones((2, 4, 1)), (1, 2)), E.ShapeError, "for 1 axes"),
    (lambda x: ops.nn.conv(x[None], ops.ones((2, 4, 1)), padding=(1, 1, 1)), E.ShapeError, "padding .* for 1 axes"),
    (lambda x: ops.nn.conv(x[None], ops.ones((0, 4, 1))), E.ShapeError, "of size 0"),
    (lambda x: ops.nn.conv_transpose(x[None], ops.ones((2, 1))), E.ShapeError, "give a kernel of 1 sizes, filters"),
    (lambda x: ops.nn.depthwise_conv(x[None], x), E.ShapeError, "channels and a multiplier"),
    (
        lambda x: ops.nn.dot_product_attention(x[None, :, None], x[None, :, None], x[None, 1:, None]),
        E.ShapeError,
        r"a key f64\[1, 3, 1, 4\] and a value f64\[1, 2, 1, 4\]: sizes along axis 1 differ",
    ),
    (lambda x: ops.nn.fold(x, 4, 2), E.ShapeError, "fold of .* 2 dimensions"),
    (lambda x: ops.nn.fold(x[None], 4, 2), E.ShapeError, "no multiple of a window's elements"),
    (lambda x: ops.nn.fold(ops.reshape(x, (1, 4, 3)), 4, 2), E.ShapeError, "number of windows differs"),
    (lambda x: ops.einsum("ijk->i", x), E.ShapeError, "labels a tensor of 2 dimensions"),
    (lambda x: ops.einsum("ij->k", x), E.ShapeError, "name labels of operands"),
    (lambda x: ops.einsum("ij,jk", x, x), E.ShapeError, "labelled 'j' differ"),
    (lambda x: ops.einsum("ii", x), E.ShapeError, "labelled 'i' differ"),
    (lambda x: ops.average(x, weights=x[0]), E.ShapeError, "weights"),
    (lambda x: ops.average(x, 0, x[0]), E.ShapeError, "weights and the axis differ"),
    (lambda x: ops.quantile(x, 1.5), E.ShapeError, "below 0 or above 1"),
    (lambda x: ops.quantile(x, ops.sum(x)), E.ShapeError, "below 0 or above 1"),
    (lambda x: ops.cov(x[None]), E.ShapeError, "cov of a tensor of 3"),
    (lambda x: ops.bincount(x), E.DTypeError, "bincount of f64"),
    (lambda x: ops.histogram(x, 0), E.ShapeError, "0 bins"),
    (lambda x: ops.digitize(x, x), E.ShapeError, "searchsorted"),
    (lambda x: ops.interp(x, x, x), E.ShapeError, "interp between points"),
    (lambda x: ops.interp(x, x[0], x[:, 0]), E.ShapeError, "points and values differ"),
    (lambda x: ops.top_k(x, 5), E.ShapeError, "top_k of 5 of 4"),
    (lambda x: ops.in_top_k(x, x, 1), E.ShapeError, "in_top_k"),
    (lambda x: ops.argpartition(x, 4), E.AxisError, "argpartition at 4"),
    (lambda x: ops.select([x > 0], [x, x]), E.ShapeError, "select of 1 conditions and 2"),
    (lambda x: ops.unravel_index(ag.constant([12]), (3, 4)), IndexError, "outside of a tensor"),
    (lambda x: ops.unravel_index(x, (3, 4)), E.DTypeError, "unravel_index of float64"),
    (lambda x: ops.nanargmax(x * float("nan"), 0), ValueError, "All-NaN"),
    (lambda x: ops.scatter(ag.constant([0, 1, 2]), x[0, :3], (3,)), E.ShapeError, "scatter at indices"),
    (lambda x: ops.scatter(x > 0, x, (3, 4)), E.DTypeError, "scatter at indices bool"),
    (lambda x: ops.scatter(ag.constant([[0], [1]]), x[:2, None, :3], (3, 3)), E.ShapeError, "into a place of shape"),
    (lambda x: ops.segment_max(x * 1j, ag.constant([0, 0, 1]), 2), E.DTypeError, "segment_max of c128"),
    (lambda x: ops.linspace("a", 1.0, 3), E.DTypeError, "str"),
    (lambda x: ops.pad(x, 1, constant_values=[(1, 2)] * 3), E.ShapeError, "3 pairs of constant_values for 2 axes"),
    (lambda x: ops.nn.conv(x[None], x[None, :2, :3]), E.ShapeError, "do not divide the 3 filters"),
    (lambda x: ops.nn.max_pool(x[None] * 1j, 2), E.DTypeError, "the largest of c128"),
    (lambda x: ops.nn.dot_product_attention(*[x[None, None] * 1j] * 3), E.DTypeError, "the query of"),
    (lambda x: ops.nn.depth_to_space(x, 2), E.ShapeError, "depth_to_space of f64"),
    (lambda x: ops.nn.space_to_depth(x, 2), E.ShapeError, "space_to_depth of f64"),
    (lambda x: ops.nn.unfold(x[None], 2), E.ShapeError, "unfold of f64"),
    (lambda x: ops.slice(x, (0,), (2,)), E.ShapeError, "a size for each axis"),
    (lambda x: ops.slice(x, (0,), (2, 2)), E.ShapeError, "1 start indices"),
    (lambda x: ops.slice_update(x, (0, 0), x[0]), E.ShapeError, "slice_update"),
    (lambda x: ops.segment_sum(x, x[:, 0], 3), E.DTypeError, "segment_sum"),
    (lambda x: ops.segment_sum(x, ag.constant([0, 1]), 3), E.ShapeError, "numbers of elements differ"),
    (lambda x: ops.view(x[:, :1], ag.complex128), E.ShapeError, "viewed as complex128"),
    (lambda x: ops.hamming(-1), E.ShapeError, "window of -1"),
    (lambda x: ops.gcd(x, 2), E.DTypeError, "gcd does not take"),
    (lambda x: la.expm(x), E.ShapeError, "not square"),
    (lambda x: la.eig(x), E.ShapeError, "not square"),
    (lambda x: la.lu_factor(x), E.ShapeError, "not square"),
    (lambda x: la.lstsq(x[None], x), E.ShapeError, "lstsq of shapes"),
    (lambda x: la.norm(x[None], 2), E.ShapeError, "norm 2 over 3 axes"),
    (lambda x: la.solve_triangular(x[:, :3], x[:2]), E.ShapeError, "sizes of the system differ"),
    (lambda x: im.resize(x, (2, 2)), E.ShapeError, "resize of f64"),
    (lambda x: im.resize(x[None], (2,)), E.ShapeError, "a height and a width"),
    (lambda x: im.map_coordinates(x, x, 1), E.ShapeError, "number of coordinates"),
    (lambda x: im.affine_transform(x[None], x[0]), E.ShapeError, "affine_transform by"),
    (lambda x: im.perspective_transform(x[None], x, x), E.ShapeError, "4 points"),
    (lambda x: im.crop_images(x[None], 1), E.ShapeError, "two of the three"),
    (lambda x: im.pad_images(x[None], 0, 0, target_height=0, target_width=3), E.ShapeError, "negative"),
    (lambda x: im.rgb_to_hsv(x[None]), E.ShapeError, "three channels"),
    (lambda x: im.ssim(x[None], x[None, :2], 1.0), E.ShapeError, "one shape"),
    (lambda x: im.reconstruct_patches(x[None], 3), E.ShapeError, "patches of 4 elements"),
    (lambda x: ag.ops.nn.dropout(x, 1.0), E.ShapeError, "rate of 1.0"),
]


@pytest.mark.parametrize(("run", "error", "word"), ROWS)
def test_bad_operands(run, error, word):
    for call in (run, ag.function(autograph=False)(run)):
        with np.errstate(all="ignore"), pytest.raises(error, match=word) as caught:
            call(ag.constant(X))
        assert "test_refusals.py" in str(caught.value)


INDICES = [
    lambda x: ops.scatter(ag.constant([[3]]), x[:1], (3, 4)),
    lambda x: ops.scatter_update(x, ag.constant([[0, 4]]), x[0, :1]),
    lambda x: ops.slice(x, ag.constant([2, 0]), (2, 2)),
    lambda x: ops.slice_update(x, ag.constant([0, 3]), x[:2, :2]),
    lambda x: ops.segment_max(x, ag.constant([0, 1, 3]), 3),
    lambda x: ops.segment_sum(x, ag.constant([0, -1, 1]), 3),
    lambda x: ops.take_along_axis(x, ag.constant([[4]]), 1),
]


@pytest.mark.parametrize("run", INDICES)
def test_indices_out_of_range_raise(run):
    for call in (run, ag.function(autograph=False)(run)):
        with pytest.raises(IndexError):
            call(ag.constant(X))


def test_sizes_known_at_run_time_only():
    open_ = [ag.TensorSpec([None], ag.int64)]
    for run in (
        lambda i: ops.segment_sum(i, i),
        lambda i: ops.array_split(i, 2),
        lambda i: ops.vectorize(lambda v: v + 1)(i),
    ):
        with pytest.raises(E.GraphTensorError, match=r"run time only|num_segments"):
            ag.function(run, input_signature=open_, autograph=False)(ag.constant([0, 1, 1]))


@pytest.mark.parametrize(
    "run",
    [
        lambda x: ops.top_k(x, 5),
        lambda x: ops.correlate(x[0, :2], x[0]),
        lambda x: ops.convolve(x[:, 0], x[0]),
        lambda x: ag.ops.nn.max_pool(x[None], 5, 2),
        lambda x: ag.ops.nn.conv(x[None], ops.ones((5, 4, 2))),
        lambda x: ag.ops.nn.unfold(x[None, None], 4),
        lambda x: im.extract_patches(x[..., None], 4),
        lambda x: im.ssim(x[..., None], x[..., None], 1.0, 4),
    ],
)
def test_sizes_that_turn_out_too_small(run):
    spec = [ag.TensorSpec([None, None], ag.float64)]
    with pytest.raises(E.ShapeError):
        ag.function(run, input_signature=spec, autograph=False)(ag.constant(X))


@pytest.mark.parametrize(
    "run",
    [
        lambda x: ops.quantile(x, 0.5, method="middle"),
        lambda x: ops.correlate(x[0], x[0], "all"),
        lambda x: ops.scatter_update(x, ag.constant([[0]]), x[:1], "mul"),
        lambda x: im.resize(x[None], (2, 2), "best"),
        lambda x: im.map_coordinates(x, x[:2], 2),
        lambda x: im.map_coordinates(x, x[:2], 1, "zero"),
        lambda x: im.affine_transform(x[None], ops.zeros((8,)), "bicubic"),
        lambda x: im.reconstruct_patches(x[None], 2, reduction="max"),
        lambda x: im.gaussian_blur(x[None], data_format="first"),
        lambda x: la.norm(x, 7),
        lambda x: ops.top_k(x, 1, mode="first"),
    ],
)
def test_unknown_words(run):
    with pytest.raises(ValueError, match="has to be|there is no"):
        run(ag.constant(X))


def test_dropout():
    x = ag.ops.ones((4000,))
    a, b = [ag.ops.nn.dropout(x, 0.25, seed=ag.random.Generator(3)).numpy() for _ in range(2)]
    np.testing.assert_array_equal(a, b)
    assert set(np.unique(a)) == {0.0, np.float32(1 / 0.75)}
    assert abs((a == 0).mean() - 0.25) < 0.03
    assert abs(a.mean() - 1) < 0.05
    rows = ag.ops.nn.dropout(ag.ops.ones((50, 3)), 0.5, (50, 1)).numpy()
    assert {tuple(row) for row in rows} == {(0, 0, 0), (2, 2, 2)}
    staged = ag.function(lambda v: ag.ops.nn.dropout(v, 0.5))
    assert (staged(x).numpy() != staged(x).numpy()).any()


def test_vectorize():
    larger = ops.vectorize(lambda a, b: a if a > b else b)
    np.testing.assert_array_equal(larger(ag.constant([[1, 5], [2, 0]]), ag.constant([3, 4])).numpy(), [[3, 5], [3, 4]])
    scaled = ops.vectorize(lambda v, whole: v * ops.sum(whole), excluded=[1])
    np.testing.assert_array_equal(scaled(ag.constant([1.0, 2.0]), ag.constant([1.0, 1.0])).numpy(), [2, 4])


def test_elastic_transform_keeps_constant_images():
    image = ag.ops.full((6, 7, 2), 3.0)
    bent = im.elastic_transform(image, alpha=2.0, sigma=1.0, seed=ag.random.Generator(1))
    np.testing.assert_allclose(bent.numpy(), image.numpy(), rtol=1e-6)
    moving = ag.ops.reshape(ag.ops.arange(42) * 1.0, (6, 7, 1))
    assert (im.elastic_transform(moving, seed=ag.random.Generator(1)).numpy() != moving.numpy()).any()
