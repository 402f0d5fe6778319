"""Neural-network functions: sequences against all alignments, second derivatives, losses, what bad operands get."""

import itertools

import numpy as np
import pytest

import autograph as ag

nn = ag.ops.nn
rng = np.random.default_rng(5)
LOGITS = rng.normal(size=(3, 5, 3))
LABELS = np.array([[1, 1], [2, 1], [1, 0]])
LABEL_COUNTS, TIMES = np.array([2, 2, 1]), np.array([5, 4, 3])


def collapsed(path):
    merged = [label for i, label in enumerate(path) if i == 0 or label != path[i - 1]]
    return tuple(label for label in merged if label != 0)


def likelihoods(logits, time):
    """How likely each label sequence is, by adding up all paths."""
    p = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
    total = {}
    for path in itertools.product(range(p.shape[1]), repeat=time):
        sequence = collapsed(path)
        total[sequence] = total.get(sequence, 0) + np.prod([p[t, label] for t, label in enumerate(path)])
    return total


def ctc(logits):
    return nn.ctc_loss(ag.constant(LABELS), logits, ag.constant(LABEL_COUNTS), ag.constant(TIMES))


def test_ctc_loss_adds_up_all_alignments():
    wanted = [
        -np.log(likelihoods(logits, time)[tuple(labels[:count])])
        for logits, labels, count, time in zip(LOGITS, LABELS, LABEL_COUNTS, TIMES, strict=True)
    ]
    np.testing.assert_allclose(ctc(ag.constant(LOGITS)).numpy(), wanted)
    np.testing.assert_allclose(ag.function(ctc)(ag.constant(LOGITS)).numpy(), wanted)


def test_ctc_gradient():
    got = ag.grad(lambda x: ag.ops.sum(ctc(x)))(ag.constant(LOGITS)).numpy()
    step = rng.normal(size=LOGITS.shape)
    high, low = [float(ag.ops.sum(ctc(ag.constant(LOGITS + h * step)))) for h in (1e-6, -1e-6)]
    assert np.sum(got * step) == pytest.approx((high - low) / 2e-6, rel=1e-5)
    assert not got[2, 3:].any()


def test_sequences_that_do_not_fit_are_impossible():
    loss = nn.ctc_loss(ag.constant([[1, 1]]), ag.ops.zeros((1, 2, 3)), ag.constant([2]), ag.constant([2]))
    assert np.isinf(loss.numpy()).all()


def test_beam_search_finds_the_likeliest_sequences():
    labels, scores = nn.ctc_decode(ag.constant(LOGITS), ag.constant(TIMES), "beam_search", beam_width=400, top_paths=3)
    for element, (logits, time) in enumerate(zip(LOGITS, TIMES, strict=True)):
        wanted = sorted(likelihoods(logits, time).items(), key=lambda item: -item[1])[:3]
        for rank, (sequence, likelihood) in enumerate(wanted):
            found = labels.numpy()[rank, element]
            assert tuple(found[found >= 0]) == sequence
            assert scores.numpy()[element, rank] == pytest.approx(np.log(likelihood))


@pytest.mark.parametrize("merge", [True, False])
def test_greedy_decoding(merge):
    labels, scores = nn.ctc_decode(ag.constant(LOGITS), ag.constant(TIMES), merge_repeated=merge)
    for element, (logits, time) in enumerate(zip(LOGITS, TIMES, strict=True)):
        path = logits[:time].argmax(1)
        found = labels.numpy()[0, element]
        assert tuple(found[found >= 0]) == (collapsed(path) if merge else tuple(path[path != 0]))
        assert scores.numpy()[element, 0] == pytest.approx(-logits[:time].max(1).sum())


@pytest.mark.parametrize("strides", [1, 2])
def test_second_derivatives_of_convolutions(strides):
    x, kernel = rng.normal(size=(1, 5, 4, 2)), rng.normal(size=(2, 3, 2, 2))
    step = rng.normal(size=x.shape)

    def slope(x, kernel):
        def loss(x):
            return ag.ops.sum(ag.ops.tanh(nn.conv(x, kernel, strides, "same")) ** 2)

        return ag.ops.sum(ag.grad(loss)(x) * step)

    by_x, by_kernel = ag.grad(slope, argnums=(0, 1))(ag.constant(x), ag.constant(kernel))
    for got, move in ((by_x, lambda d, h: (x + h * d, kernel)), (by_kernel, lambda d, h: (x, kernel + h * d))):
        direction = rng.normal(size=got.shape)
        high, low = [float(slope(*map(ag.constant, move(direction, h)))) for h in (1e-5, -1e-5)]
        assert np.sum(got.numpy() * direction) == pytest.approx((high - low) / 2e-5, rel=1e-5)


def test_losses():
    p, t = rng.dirichlet(np.ones(4), (3,)), np.array([1, 0, 3])
    logits = np.log(p) + 1.5
    wanted = -np.log(p[np.arange(3), t])
    for target, output, from_logits in ((t, p, False), (t, logits, True)):
        got = nn.sparse_categorical_crossentropy(ag.constant(target), ag.constant(output), from_logits)
        np.testing.assert_allclose(got.numpy(), wanted, rtol=1e-6)
    x, y = rng.normal(size=5), (rng.random(5) > 0.5) * 1.0
    got = nn.binary_crossentropy(ag.constant(y), ag.constant(x), from_logits=True)
    s = 1 / (1 + np.exp(-x))
    np.testing.assert_allclose(got.numpy(), -(y * np.log(s) + (1 - y) * np.log(1 - s)))


IMAGE = np.zeros((2, 6, 5, 4))


@pytest.mark.parametrize(
    ("run", "error", "word"),
    [
        (lambda x: nn.conv(x, ag.ops.zeros((3, 3, 3, 8))), ag.errors.ShapeError, "numbers of channels differ"),
        (lambda x: nn.conv(x, ag.ops.zeros((3, 4, 8))), ag.errors.ShapeError, "with a kernel f32\\[3, 4, 8\\]"),
        (lambda x: nn.conv(x[0], ag.ops.zeros((3, 4, 8)), (1, 2)), ag.errors.ShapeError, "strides"),
        (lambda x: nn.conv(x[0, 0], ag.ops.zeros((3, 4, 8))), ag.errors.ShapeError, "conv of a tensor of 2"),
        (lambda x: nn.conv(x, ag.ops.zeros((3, 3, 4, 8)), 0), ag.errors.ShapeError, "strides 0"),
        (lambda x: nn.conv(x, ag.ops.zeros((3, 3, 4, 8)), padding=(1,)), ag.errors.ShapeError, "padding"),
        (lambda x: nn.max_pool(x, 7), ag.errors.ShapeError, "windows of 7"),
        (lambda x: nn.glu(x[..., :3]), ag.errors.ShapeError, "odd"),
        (lambda x: nn.layer_normalization(x, ag.ops.zeros((3,))), ag.errors.ShapeError, "factor or offset"),
        (lambda x: nn.group_normalization(x, 3), ag.errors.ShapeError, "3 groups of 4 channels"),
        (lambda x: nn.dot_product_attention(x, x, x[0]), ag.errors.ShapeError, "value of dot_product_attention"),
        (lambda x: nn.ctc_loss(x, x, x, x), ag.errors.DTypeError, "target_length of dtype float64"),
        (lambda x: nn.depth_to_space(x, 3), ag.errors.ShapeError, "depth_to_space by 3"),
        (lambda x: ag.ops.special.polygamma(-1, x), ag.errors.ShapeError, "order -1"),
        (lambda x: ag.ops.special.erf(x * 1j), ag.errors.DTypeError, "complex128"),
        (lambda x: ag.ops.pad(x, ((1, 2), (3, 4))), ag.errors.ShapeError, "pad by"),
        (lambda x: ag.ops.pad(x, -1), ag.errors.ShapeError, "negative"),
    ],
)
def test_bad_operands(run, error, word):
    for call in (run, ag.function(autograph=False)(run)):
        with pytest.raises(error, match=word) as caught:
            call(ag.constant(IMAGE))
        assert "test_nn.py" in str(caught.value)


@pytest.mark.parametrize(
    "run",
    [
        lambda x: nn.conv(x, ag.ops.zeros((3, 3, 4, 8)), padding="full"),
        lambda x: nn.conv(x, ag.ops.zeros((3, 3, 4, 8)), data_format="first"),
        lambda x: nn.ctc_decode(x[0], ag.constant([1]), "best"),
        lambda x: ag.ops.pad(x, 1, "mirror"),
    ],
)
def test_unknown_words(run):
    with pytest.raises(ValueError, match="has to be"):
        run(ag.constant(IMAGE))


def test_seeds_of_dropout():
    x = ag.ops.ones((40,))
    for seed in (7, ag.random.key(7)):
        first, second = [ag.ops.nn.dropout(x, 0.5, seed=seed).numpy() for _ in range(2)]
        np.testing.assert_array_equal(first, second)
        assert 5 < np.count_nonzero(first) < 35
    generator = ag.random.Generator(7)
    first, second = [ag.ops.nn.dropout(x, 0.5, seed=generator).numpy() for _ in range(2)]
    assert (first != second).any()
    images = ag.constant(np.random.default_rng(0).normal(size=(6, 6, 1)))
    bent = [ag.ops.image.elastic_transform(images, seed=seed).numpy() for seed in (3, ag.random.key(3))]
    np.testing.assert_array_equal(*bent)


@pytest.mark.parametrize("backend", ["numpy", "native", "xla"])
@pytest.mark.parametrize("name", ["relu", "relu6"])
def test_rectifiers_keep_nan_and_are_flat_at_zero(name, backend):
    def run(x):
        with ag.GradientTape() as tape:
            tape.watch(x)
            y = getattr(nn, name)(x)
        return y, tape.gradient(y, x)

    x = np.array([np.nan, -np.inf, -1.0, -0.0, 0.0, 2.0, 6.0, 7.0, np.inf])
    made, slope = ag.function(run, backend=backend)(ag.constant(x))
    np.testing.assert_array_equal(made, np.clip(x, 0, 6) if name == "relu6" else np.maximum(x, 0))
    np.testing.assert_array_equal(slope[3:6], [0, 0, 1])
    np.testing.assert_array_equal(slope[6:], [0, 0, 0] if name == "relu6" else [1, 1, 1])


def test_log_softmax_of_large_scores():
    x = np.array([[1e4, 1e4 - 1, -1e4], [-np.inf, 0.0, 0.0]])
    wanted = [
        [-np.log1p(np.exp(-1)), -1 - np.log1p(np.exp(-1)), -2e4 - np.log1p(np.exp(-1))],
        [-np.inf, -np.log(2), -np.log(2)],
    ]
    np.testing.assert_allclose(nn.log_softmax(ag.constant(x)), wanted, rtol=1e-12)
