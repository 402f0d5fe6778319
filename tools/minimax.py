"""Finds the polynomials of autograph/backends/native/math: `python tools/minimax.py [name ...]` (needs mpmath).

Remez's exchange algorithm: of all polynomials of a degree the one whose weighted error, at the points where it is
largest, has one size and alternating signs. Prints for each name the largest weighted error and the coefficients,
lowest degree first. The weight turns the error of the polynomial into the relative error of the function.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass

import mpmath
from mpmath import atan, cos, erf, erfc, exp, log, log1p, mpf, sin, sqrt

mpmath.mp.dps = 60
Function = Callable[[mpf], mpf]


@dataclass(frozen=True)
class Wanted:
    """A function, where it is wanted, the polynomial's degree, and what its error counts."""

    function: Function
    low: mpf
    high: mpf
    degree: int
    weight: Function


def horner(coefficients: list[mpf], x: mpf) -> mpf:
    total = mpf(0)
    for c in reversed(coefficients):
        total = total * x + c
    return total


def remez(wanted: Wanted, rounds: int = 12, grid: int = 1500) -> tuple[list[mpf], mpf]:
    """The polynomial of least weighted error, and that error."""
    count, middle, half = wanted.degree + 2, (wanted.low + wanted.high) / 2, (wanted.high - wanted.low) / 2
    # The grid is dense at the ends, where the error turns fastest, and never at 0, where quotients are undefined.
    points = [middle - half * cos(mpmath.pi * (i + mpf("0.31")) / grid) for i in range(grid)]
    points = [wanted.low or mpf("1e-12"), *points, wanted.high]
    values = [(x, wanted.function(x), wanted.weight(x)) for x in points]
    nodes = [values[round((1 - mpmath.cos(mpmath.pi * i / (count - 1))) / 2 * (len(values) - 1))] for i in range(count)]
    for _ in range(rounds):
        rows = [[x**k for k in range(count - 1)] + [(-1) ** i / w] for i, (x, _, w) in enumerate(nodes)]
        solved = list(mpmath.lu_solve(mpmath.matrix(rows), mpmath.matrix([f for _, f, _ in nodes])))
        coefficients = solved[:-1]
        errors = [(w * (f - horner(coefficients, x)), (x, f, w)) for x, f, w in values]
        # One extremum from each stretch of one sign; from too many, the stretches at the ends go.
        extrema: list[tuple[mpf, tuple[mpf, mpf, mpf]]] = []
        for error in errors:
            if extrema and (extrema[-1][0] > 0) == (error[0] > 0):
                if abs(error[0]) > abs(extrema[-1][0]):
                    extrema[-1] = error
            else:
                extrema.append(error)
        while len(extrema) > count:
            del extrema[0 if abs(extrema[0][0]) < abs(extrema[-1][0]) else -1]
        if len(extrema) < count:
            break
        nodes = [node for _, node in extrema]
    return coefficients, max(abs(e) for e, _ in errors)


def odd(f: Function, low: str | mpf, high: str | mpf, degree: int) -> Wanted:
    """`(f(x) - x) / x**3` as a polynomial in `x**2`."""
    return Wanted(
        lambda z: (f(sqrt(z)) - sqrt(z)) / (z * sqrt(z)),
        mpf(low), mpf(high) ** 2, degree, lambda z: z * sqrt(z) / f(sqrt(z)),
    )  # fmt: skip


def exponential(degree: int) -> Wanted:
    """`(exp(r) - 1 - r) / r**2`, with what rounding to the nearest multiple of log 2 leaves and a little more."""
    return Wanted(lambda r: (exp(r) - 1 - r) / r**2, mpf("-0.347"), mpf("0.347"), degree, lambda r: r**2 / exp(r))


def logarithm(degree: int) -> Wanted:
    """`(log(1 + f) - f + f**2 / 2) / f**3` for 1 + f between the roots of 1/2 and 2."""
    return Wanted(
        lambda f: (log1p(f) - f + f**2 / 2) / f**3,
        sqrt(mpf("0.5")) - 1, sqrt(mpf(2)) - 1, degree, lambda f: f**3 / log1p(f),
    )  # fmt: skip


def area(degree: int) -> Wanted:
    """`(2 atanh(s) - 2 s) / s**3` in `s**2`, for the same range as `logarithm` and s = f / (2 + f)."""
    limit = (sqrt(mpf(2)) - 1) / (sqrt(mpf(2)) + 1)
    two = lambda s: 2 * mpmath.atanh(s)
    return Wanted(
        lambda z: (two(sqrt(z)) - 2 * sqrt(z)) / (z * sqrt(z)),
        mpf(0), limit**2, degree, lambda z: z * sqrt(z) / two(sqrt(z)),
    )  # fmt: skip


def area_rest(degree: int) -> Wanted:
    """What `area` leaves beyond its first term, `(2 atanh(s) - 2 s - 2/3 s**3) / s**5`."""
    whole = area(degree)
    return Wanted(
        lambda z: (whole.function(z) - mpf(2) / 3) / z, whole.low, whole.high, degree, lambda z: whole.weight(z) * z
    )


QUARTER = mpmath.pi / 4 + mpf("0.0001")


def cosine(degree: int) -> Wanted:
    """`(cos(x) - 1 + x**2 / 2) / x**4` in `x**2`."""
    return Wanted(
        lambda z: (cos(sqrt(z)) - 1 + z / 2) / z**2, mpf(0), QUARTER**2, degree, lambda z: z**2 / cos(sqrt(z))
    )


def error_far(degree: int) -> Wanted:
    """`log(erfc(x))`, where erf is one minus that."""
    return Wanted(lambda x: log(erfc(x)), mpf("0.9"), mpf(4), degree, lambda x: erfc(x) / erf(x))


def error_near(degree: int) -> Wanted:
    """`erf(x) / x - 1` in `x**2`."""
    return Wanted(lambda z: erf(sqrt(z)) / sqrt(z) - 1, mpf(0), mpf("0.81"), degree, lambda z: sqrt(z) / erf(sqrt(z)))


def error_tail(degree: int, most: str) -> Wanted:
    """`log(erfc(x) (1 + x / 3)) + x**2` in `t = (x - 3) / (x + 3)` for x from 0 on."""

    def function(t: mpf) -> mpf:
        x = 3 * (1 + t) / (1 - t)
        return log(erfc(x) * (1 + x / 3)) + x * x

    return Wanted(function, mpf(-1), (mpf(most) - 3) / (mpf(most) + 3), degree, lambda t: mpf(1))


WANTED = {
    "exp_single": exponential(4),
    "exp_short": exponential(5),
    "exp_long": exponential(10),
    "log_single": logarithm(8),
    "log_short": logarithm(11),
    "log_long": area(6),
    "log_pow": area_rest(6),
    "tanh_single": odd(mpmath.tanh, 0, "0.6", 4),
    "sin_single": odd(sin, 0, QUARTER, 2),
    "cos_single": cosine(2),
    "sin_short": odd(sin, 0, QUARTER, 3),
    "cos_short": cosine(3),
    "sin_long": odd(sin, 0, QUARTER, 5),
    "cos_long": cosine(5),
    "atan_short": odd(atan, 0, "0.41422", 5),
    "atan_long": odd(atan, 0, "0.41422", 11),
    "asin_short": odd(mpmath.asin, 0, "0.5", 6),
    "asin_long": odd(mpmath.asin, 0, "0.5", 11),
    "erf_near_long": error_near(11),
    "erfc_short": error_tail(13, "11"),
    "erfc_long": error_tail(25, "28"),
    "erf_near_single": error_near(6),
    "erf_far_single": error_far(6),
}


def main(names: list[str]) -> None:
    for name in names or WANTED:
        coefficients, error = remez(WANTED[name])
        print(f"{name}: error 2**{float(mpmath.log(error, 2)):.1f}")
        print("    " + ", ".join(repr(float(c)) for c in coefficients))


if __name__ == "__main__":
    main(sys.argv[1:])
