"""An integrator that chooses its own steps, and the gradient of where it ends with respect to where it starts.

python examples/ode.py
"""

import math

import autograph as ag


def pendulum(state):
    angle, speed = state
    return speed, -ag.ops.sin(angle)


def heun(state, h):
    """One step of second order, and an estimate of its error."""
    a, b = state
    da, db = pendulum(state)
    ea, eb = pendulum((a + h * da, b + h * db))
    error = h / 2 * (abs(ea - da) + abs(eb - db))
    return (a + h / 2 * (da + ea), b + h / 2 * (db + eb)), error


@ag.function
def integrate(angle, end, tolerance):
    state = (angle, 0.0 * angle)
    time = 0.0
    h = 0.1
    steps = 0
    while time < end:
        if time + h > end:
            h = end - time
        new, error = heun(state, h)
        if error < tolerance:
            state = new
            time += h
            steps += 1
            h = h * 1.5
        else:
            h = h * 0.5
    return state[0], steps


def main():
    angle, end = ag.constant(1.0, ag.float64), ag.constant(2.0, ag.float64)
    with ag.GradientTape() as tape:
        tape.watch(angle)
        final, steps = integrate(angle, end, 1e-4)
    slope = tape.gradient(final, angle)
    print(f"angle at t = {end.item()}: {final.item():.6f} after {steps.item()} steps")
    print(f"d final / d initial angle: {slope.item():.6f}")
    small = ag.constant(1e-3, ag.float64)
    print(f"small angles: {integrate(small, end, 1e-6)[0].item() / 1e-3:.4f}, cos(2) = {math.cos(2):.4f}")
    return final.item(), slope.item(), steps.item()


if __name__ == "__main__":
    main()
