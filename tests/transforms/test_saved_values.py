"""What a loop's gradient keeps of each trip: what it needs, and nothing that can fail."""

import numpy as np

import autograph as ag
from autograph.runtime.ir import clone_graph, walk
from autograph.runtime.structure_ops import check_op, while_op
from autograph.runtime.types import ListType
from autograph.transforms.passes.explicit_checks import make_checks_explicit


@ag.function
def slope(x, n):
    with ag.GradientTape() as tape:
        tape.watch(x)
        y = x
        while ag.ops.sum(y) < n:
            if y[0] > 1.0:
                y = y * 3.0  # keeps nothing: the factor is a constant
            else:
                y = y * y  # keeps y
        z = y + 1.0
    return tape.gradient(z, x)


@ag.function
def slope_of_sum(x, n):
    with ag.GradientTape() as tape:
        tape.watch(x)
        total, i = x * 0.0, 0
        while i < n:
            total = total + x  # keeps nothing but the number of trips
            i += 1
    return tape.gradient(total, x)


def graph_of(function, shape):
    specs = ag.TensorSpec(shape, ag.float64), ag.TensorSpec([], ag.float64)
    return function.get_concrete_function(*specs).optimized


def stacks(graph):
    loops = [node for node in walk(graph.body) if node.op is while_op]
    return [str(out.type) for out in loops[0].outputs if isinstance(out.type, ListType)]


def test_a_branch_keeps_what_its_gradient_needs():
    (size,) = graph_of(slope, [None]).params[0].type.shape
    assert sorted(stacks(graph_of(slope, [None]))) == ["list[bool[]]", f"list[f64[{size}]]"]
    assert stacks(graph_of(slope_of_sum, [2])) == []


def test_counting_trips_and_taking_back_what_they_kept_cannot_fail():
    graph = clone_graph(graph_of(slope, [None]))
    make_checks_explicit(graph)
    assert not any(node.op is check_op for node in walk(graph.body))


def test_values():
    x = ag.constant(np.array([0.9, 2.0]))
    np.testing.assert_allclose(slope(x, ag.constant(5.0, ag.float64)), 4 * x.numpy() ** 3)
    np.testing.assert_allclose(slope_of_sum(x, ag.constant(4.0, ag.float64)), [4.0, 4.0])


@ag.function
def weighted(xs):
    with ag.GradientTape(persistent=True) as outer:
        outer.watch(xs)
        with ag.GradientTape() as tape:
            tape.watch(xs)
            ys, total = [], xs[0] * 0.0
            for x in xs:
                ys.append(x * x)
            for i in range(len(ys)):
                total = total + ys[i] * ys[-1] * (i + 1.0)
        slope = tape.gradient(total, xs)
    return slope, outer.gradient(slope, xs)


def test_reading_items_in_a_loop_adds_to_one_item_a_trip():
    xs = np.array([0.5, -1.0, 2.0])

    def first(x):
        w = np.array([1.0, 2.0, 3.0])
        return 2 * x * w * x[-1] ** 2 + np.array([0, 0, 2 * x[-1] * np.sum(x**2 * w)])

    slope, curvature = weighted(ag.constant(xs))
    np.testing.assert_allclose(slope, first(xs), rtol=1e-12)
    steps = 1e-6 * np.eye(3)
    wanted = [np.sum(first(xs + step) - first(xs - step)) / 2e-6 for step in steps]
    np.testing.assert_allclose(curvature, wanted, rtol=1e-6, atol=1e-6)


def test_gradients_of_loops_over_lists_make_no_list_a_trip():
    @ag.function
    def sum_of_squares(xs):
        with ag.GradientTape() as tape:
            tape.watch(xs)
            ys, total = [], xs[0] * 0.0
            for x in xs:
                ys.append(x * x)
            for y in ys:
                total = total + y
        return tape.gradient(total, xs)

    graph = sum_of_squares.get_concrete_function(ag.TensorSpec([None], ag.float64)).optimized
    assert not {"list_add", "list_single", "list_zeros_like"} & {
        inner.op.name for node in graph.body.nodes for region in node.regions for inner in walk(region)
    }
    np.testing.assert_allclose(sum_of_squares(ag.constant([3.0, 4.0])), [6.0, 8.0])
