"""Newton's method in a data-dependent loop, and the derivative of the root through all its steps.

python examples/newton.py
"""

import autograph as ag


@ag.function
def solve(a):
    """The x with x**3 + x = a."""
    x = a
    step = a
    while abs(step) > 1e-12:
        step = (x**3 + x - a) / (3 * x**2 + 1)
        x = x - step
    return x


def main():
    a = ag.constant(10.0, ag.float64)
    root, slope = ag.value_and_grad(solve)(a)
    exact = 1 / (3 * root.item() ** 2 + 1)
    print(f"root of x^3 + x = 10: {root.item():.12f}")
    print(f"d root / d a: {slope.item():.12f}, by the implicit function theorem {exact:.12f}")
    return root.item(), slope.item(), exact


if __name__ == "__main__":
    main()
