"""Padded sizes give what the sizes themselves give, whatever the padding holds."""

import numpy as np
import pytest

import autograph as ag
from autograph.backends.xla import fills, segments
from autograph.backends.xla.list_bounds import largest
from autograph.errors import ShapeError
from autograph.runtime.apply import apply
from autograph.runtime.dims import evaluate, max_dim, symbol
from autograph.runtime.op import all_ops
from tests.ops.test_symbolic_sizes import ROWS, larger, outcome, run
from tests.sampling import LONG

# By default the first samples of the ops that need more than to be left alone.
CHOSEN = (
    "sum", "prod", "max", "min", "any", "all", "argmax", "argmin", "cumulative_sum", "recurrence", "flip", "sort",
    "matmul", "convolution", "reshape", "concat", "getitem", "setitem", "index_add", "segment_sum", "slice_axis",
    "where",
)  # fmt: skip
SIZE = 16
FITTING = [case for case in ROWS if max(2 * size for x in case.values[1] for size in (*x.shape, 0)) <= SIZE]
SAMPLES = [
    case
    for place, case in enumerate(FITTING)
    if case.values[0] != "searchsorted"  # its operands have to be in order, which larger ones are not
    and (LONG or (case.values[0] in CHOSEN and case.values[0] not in [c.values[0] for c in FITTING[:place]][-2:]))
]


@pytest.fixture(autouse=True)
def _buckets():
    ag.config.set_shape_buckets([SIZE])
    yield
    ag.config.set_shape_buckets(None)


@pytest.fixture
def _poisoned(monkeypatch):
    """Padding of what comes in that would show: NaN, indices beyond the end, True."""

    def padded(raw, type_, wide):
        shape = fills._shape(type_, wide)
        if shape is None or shape == raw.shape:
            return raw
        array = np.asarray(raw)
        content = np.nan if array.dtype.kind in "fc" else array.dtype.type(77)
        return np.pad(array, [(0, new - old) for new, old in zip(shape, array.shape)], constant_values=content)

    monkeypatch.setattr(segments, "padded", padded)


def compiled(function):
    """The segments of a function's only trace."""
    (trace,) = function.explain().traces
    return list(trace.entry().concrete.executable._segments.values())


@pytest.mark.usefixtures("_poisoned")
@pytest.mark.parametrize(("name", "operands", "attrs"), SAMPLES)
def test_ops_keep_padding_apart(name, operands, attrs):
    op = all_ops()[name]
    spec = [ag.TensorSpec([None if size > 1 else size for size in x.shape], x.dtype) for x in operands]
    staged = ag.function(lambda *xs: apply(op, *xs, **attrs), input_signature=spec, autograph=False, backend="xla")
    for sizes in (operands, [larger(x) for x in operands]):
        given = [ag.constant(x) for x in sizes]
        error, wanted = outcome(lambda: run(op, sizes, attrs))
        failed, got = outcome(lambda: staged(*given))
        assert failed is error
        for a, b in zip(got or [], wanted or [], strict=True):
            assert (a.dtype, a.shape) == (b.dtype, b.shape)
            np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5)


def training_step():
    table = ag.Variable(np.linspace(-1, 1, 12, dtype=np.float32).reshape(6, 2))
    weights = ag.Variable(np.linspace(-1, 2, 6, dtype=np.float32).reshape(2, 3))

    def step(words, labels):
        with ag.GradientTape() as tape:
            hidden = ag.ops.tanh(table[words])
            logits = ag.ops.max(hidden, axis=1) @ weights
            losses = ag.ops.nn.sparse_categorical_crossentropy(labels, logits, from_logits=True)
            loss = ag.ops.mean(losses)
        if labels.shape[0] > 20:
            raise ValueError(f"too many: {labels.shape[0]}")
        for variable, slope in zip([table, weights], tape.gradient(loss, [table, weights])):
            variable.assign_sub(0.5 * slope)
        return loss, ag.ops.argmax(logits, axis=-1), labels.shape[0]

    return table, weights, step


@pytest.mark.usefixtures("_poisoned")
def test_training_step_compiles_once_for_all_batches():
    words, labels = ag.TensorSpec((None, 4), ag.int64), ag.TensorSpec((None,), ag.int64)
    table, weights, step = training_step()
    ours = ag.function(step, backend="xla", input_signature=[words, labels])
    other_table, other_weights, other_step = training_step()
    wanted = ag.function(other_step, backend="numpy", input_signature=[words, labels])
    source = np.random.default_rng(0)
    for size in (3, 7, 16, 2, 12):
        batch = source.integers(-6, 6, (size, 4)), source.integers(0, 3, size)
        for a, b in zip(ours(*map(ag.constant, batch)), wanted(*map(ag.constant, batch)), strict=True):
            np.testing.assert_allclose(np.asarray(a), np.asarray(b), rtol=1e-4)
        np.testing.assert_allclose(table.numpy(), other_table.numpy(), rtol=1e-4, atol=1e-6)
        np.testing.assert_allclose(weights.numpy(), other_weights.numpy(), rtol=1e-4, atol=1e-6)
    (segment,) = compiled(ours)
    assert len(segment._programs) == 1
    assert "   xla: padded sizes: d0_0" in str(ours.explain())
    with pytest.raises(ValueError, match="too many: 21"):
        ours(ag.ops.zeros((21, 4), ag.int64), ag.ops.zeros((21,), ag.int64))
    assert len(segment._programs) == 2


def test_what_meets_fixed_sizes_is_not_padded():
    @ag.function(backend="xla", input_signature=[ag.TensorSpec((None, None)), ag.TensorSpec((3, 2))])
    def f(x, weights):
        return x @ weights, x[::-1]

    x = np.arange(15, dtype=np.float32).reshape(5, 3)
    product, turned = f(ag.constant(x), ag.ops.ones((3, 2)))
    np.testing.assert_array_equal(product.numpy(), x @ np.ones((3, 2)))
    np.testing.assert_array_equal(turned.numpy(), x[::-1])
    (segment,) = compiled(f)
    assert segment.padding.symbols == ()
    assert "size d0_0 is not padded: getitem at line" in str(f.explain())
    assert sorted(reason.partition(" ")[0] for reason in segment.padding.reasons.values()) == ["getitem", "matmul"]
    with pytest.raises(ShapeError, match="is not 3"):
        f(ag.constant(x.T), ag.ops.ones((3, 2)))


@pytest.mark.parametrize(
    ("buckets", "size", "wanted"),
    [([4, 32], 3, 4), ([32, 4], 5, 32), ([4, 32], 33, 64), ("powers_of_two", 33, 64), ("powers_of_two", 64, 64)],
)
def test_sizes_are_rounded_up(buckets, size, wanted):
    ag.config.set_shape_buckets(buckets)
    assert segments.buckets.round_up(size) == wanted


@pytest.mark.parametrize("wrong", [[], [1, 4]])
def test_wrong_buckets_are_refused(wrong):
    before = ag.config.shape_buckets()
    with pytest.raises(ShapeError, match="are no sizes to pad to"):
        ag.config.set_shape_buckets(wrong)
    assert ag.config.shape_buckets() == before


def rows(xs):
    """A loop over a padded size with a counter, a list and a write."""
    state, count, kept = ag.ops.zeros((3,), xs.dtype), 7, []
    for i, x in enumerate(xs):
        state = ag.ops.tanh(state * x + i)
        count -= 2
        kept.append(state)
        xs[i] = state
    return state, count, len(kept), xs


def fewer_trips_of_more(xs):
    """Lists that get the shorter, the more rows there are."""
    kept = []
    for i in range(20 // xs.shape[0]):
        kept.append(xs[0] * i)
    for i in range(20 % xs.shape[0]):
        kept.append(kept[-1] * xs[0] + i)
    return kept[-1], len(kept), kept[0]


def trips_of_two_sizes(xs):
    """Numbers of trips that are the larger or the smaller of two numbers."""
    count, total = 0, xs[0]
    for _ in range(xs.shape[0] - 4):
        count += 1
    total = total * min(*xs.shape)
    while count < max(*xs.shape):
        count, total = count + 2, total + count
    return total, count


@pytest.mark.parametrize("function", [rows, fewer_trips_of_more, trips_of_two_sizes])
def test_loops_over_padded_sizes(function):
    def both(xs):
        with ag.GradientTape() as tape:
            tape.watch(xs)
            results = function(xs)
            loss = ag.ops.sum(results[0])
        return *results, tape.gradient(loss, xs)

    signature = [ag.TensorSpec((None, 3), ag.float64)]
    ours, wanted = [ag.function(both, backend=backend, input_signature=signature) for backend in ("xla", "numpy")]
    for size in (5, 3, 16, 2, 7):
        xs = np.random.default_rng(size).normal(size=(size, 3))
        for a, b in zip(ours(ag.constant(xs)), wanted(ag.constant(xs)), strict=True):
            np.testing.assert_allclose(np.asarray(a), np.asarray(b), rtol=1e-12, atol=1e-12)
    assert "   xla: padded sizes: d0_0" in str(ours.explain())
    assert len(compiled(ours)[0]._programs) == 1


def test_sizes_that_are_not_padded_are_compared_where_others_are():
    def f(x, y):
        count = 0
        for _ in range(x.shape[0] - x.shape[1]):
            count += 1
        return count, max(*x.shape), min(*x.shape), x[::-1, ::-1], y * 2

    free = ag.TensorSpec((None, None))
    ours = ag.function(f, backend="xla", input_signature=[free, free])
    for sizes in ((5, 2), (2, 2), (3, 7)):
        count, large, small, *_ = ours(ag.ops.zeros(sizes), ag.ops.zeros((3, 3)))
        assert (int(count), int(large), int(small)) == (max(sizes[0] - sizes[1], 0), max(sizes), min(sizes))
    assert compiled(ours)[0].padding.symbols == ("d1_0", "d1_1")


@pytest.mark.parametrize("text", ["20 // n", "20 % n", "n * n - 6 * n + 20", "max(9 - n, k) - 1", "(n + 1) // 2 * k"])
def test_bounds_hold_for_all_sizes_that_are_padded(text):
    n, k = symbol("n", 0), symbol("k", 0)
    dim = eval(text, {"n": n, "k": k, "max": max_dim})
    for size in range(1, 12):
        most = largest(dim, {"n": size, "k": 3}, ["n"])
        assert most >= max(evaluate(dim, {"n": true, "k": 3}) for true in range(1, size + 1))
        assert largest(dim, {"n": size, "k": 3}, []) == evaluate(dim, {"n": size, "k": 3})
