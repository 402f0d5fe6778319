"""The special cases that the array API standard's text gives (version 2025.12), as tables.

A row says of which operands, and what comes out: `"<0 -> nan"`, `"inf pos -> inf"` for two operands; for complex
numbers the real and imaginary parts of both, `"fin inf -> nan nan"`. In results `x1` and `x2` are operands, `~` stands
before a number whose sign is left open, `cis` behind a size for that size times cos(b) + i sin(b).
"""

import math

inf, nan, pi = math.inf, math.nan, math.pi
_POSITIVE = [0.5, 1.0, 3.0, 1e-300, 1e300]
_INTEGERS = [-3.0, -1.0, 1.0, 2.0, 5.0, 1e300]

# What stands for each condition.
OPERANDS = {
    "nan": [nan], "-nan": [math.copysign(nan, -1)], "inf": [inf], "-inf": [-inf], "+0": [0.0], "-0": [-0.0],
    "1": [1.0], "-1": [-1.0], "±inf": [inf, -inf], "±0": [0.0, -0.0], "±1": [1.0, -1.0],
    "pos": _POSITIVE, "neg": [-x for x in _POSITIVE],
    "fin": [0.0, -0.0, *_POSITIVE, *[-x for x in _POSITIVE]], "nz": [*_POSITIVE, *[-x for x in _POSITIVE]],
    ">0": [*_POSITIVE, inf], "<0": [*[-x for x in _POSITIVE], -inf],
    ">1": [1.5, 1e300, inf], "<1": [0.5, 0.0, -0.0, -7.0, -inf], "<-1": [-1.5, -1e300, -inf],
    "abs>1": [1.5, -1.5, 1e300, inf, -inf], "abs<1": [0.5, -0.5, 0.0, -0.0, 1e-300],
    "int": _INTEGERS, "half": [0.5, 1.5, -0.5, -2.5, 3.5],
    "odd>0": [1.0, 3.0, 7.0], "odd<0": [-1.0, -3.0, -7.0],
    "even>0": [2.0, 0.5, 2.5, 4.0, inf], "even<0": [-2.0, -0.5, -2.5, -4.0, -inf],
    "broken": [0.5, -0.5, 2.5, -1.25],
    "num": [0.0, -0.0, inf, -inf, 2.5, -2.5], "any": [0.0, -0.0, inf, -inf, 2.5, -2.5, nan],
    "≠0": [inf, -inf, 2.5, -2.5, nan], "≠1": [0.0, -0.0, inf, -inf, 2.5, -1.0, nan],
}  # fmt: skip

RESULTS = {
    "nan": nan, "inf": inf, "-inf": -inf, "+0": 0.0, "-0": -0.0, "1": 1.0, "-1": -1.0,
    "pi": pi, "-pi": -pi, "pi/2": pi / 2, "-pi/2": -pi / 2, "pi/4": pi / 4, "-pi/4": -pi / 4, "3pi/4": 3 * pi / 4,
    "-3pi/4": -3 * pi / 4, "True": True, "False": False,
}  # fmt: skip

_ROUNDED = "int -> x1|inf -> inf|-inf -> -inf|+0 -> +0|-0 -> -0|nan -> nan"
_LOG = "nan -> nan|<0 -> nan|±0 -> -inf|1 -> +0|inf -> inf"
_ODD = "nan -> nan|+0 -> +0|-0 -> -0"

UNARY = {
    "abs": "nan -> nan|-0 -> +0|-inf -> inf",
    "acos": "nan -> nan|>1 -> nan|<-1 -> nan|1 -> +0",
    "acosh": "nan -> nan|<1 -> nan|1 -> +0|inf -> inf",
    "asin": _ODD + "|>1 -> nan|<-1 -> nan",
    "asinh": _ODD + "|inf -> inf|-inf -> -inf",
    "atan": _ODD + "|inf -> pi/2|-inf -> -pi/2",
    "atanh": _ODD + "|<-1 -> nan|>1 -> nan|-1 -> -inf|1 -> inf",
    "ceil": _ROUNDED,
    "clip": "nan -> nan",
    "cos": "nan -> nan|±0 -> 1|±inf -> nan",
    "cosh": "nan -> nan|±0 -> 1|±inf -> inf",
    "exp": "nan -> nan|±0 -> 1|inf -> inf|-inf -> +0",
    "expm1": _ODD + "|inf -> inf|-inf -> -1",
    "floor": _ROUNDED,
    "isfinite": "±inf -> False|nan -> False|fin -> True",
    "isinf": "±inf -> True|nan -> False|fin -> False",
    "isnan": "±inf -> False|nan -> True|fin -> False",
    "log": _LOG,
    "log10": _LOG,
    "log1p": _ODD + "|<-1 -> nan|-1 -> -inf|inf -> inf",
    "log2": _LOG,
    "reciprocal": "nan -> nan|+0 -> inf|-0 -> -inf|inf -> +0|-inf -> -0",
    "round": _ROUNDED + "|half -> even",
    "sign": "<0 -> -1|±0 -> +0|>0 -> 1|nan -> nan",
    "signbit": "+0 -> False|-0 -> True|>0 -> False|<0 -> True|nan -> False|-nan -> True",
    "sin": _ODD + "|±inf -> nan",
    "sinh": _ODD + "|inf -> inf|-inf -> -inf",
    "sqrt": _ODD + "|<0 -> nan|inf -> inf",
    "square": "nan -> nan|±0 -> +0|±inf -> inf",
    "tan": _ODD + "|±inf -> nan",
    "tanh": _ODD + "|inf -> 1|-inf -> -1",
    "trunc": _ROUNDED,
}

_NAN = "nan any -> nan|any nan -> nan"
_SIGNS = "+0 >0 -> +0|-0 >0 -> -0|+0 <0 -> -0|-0 <0 -> +0"
_BY_ZERO = ">0 +0 -> inf|>0 -0 -> -inf|<0 +0 -> -inf|<0 -0 -> inf"
_INFINITE = (
    "inf pos -> inf|inf neg -> -inf|-inf pos -> -inf|-inf neg -> inf"
    "|pos inf -> +0|pos -inf -> -0|neg inf -> -0|neg -inf -> +0"
)
_QUOTIENT = "|".join([_NAN, "±inf ±inf -> nan|±0 ±0 -> nan", _SIGNS, _BY_ZERO, _INFINITE])

BINARY = {
    "add": _NAN + "|inf -inf -> nan|-inf inf -> nan|inf inf -> inf|-inf -inf -> -inf|inf fin -> inf|-inf fin -> -inf"
    "|fin inf -> inf|fin -inf -> -inf|-0 -0 -> -0|-0 +0 -> +0|+0 -0 -> +0|+0 +0 -> +0|±0 nz -> x2|nz ±0 -> x1",
    "atan2": _NAN + "|>0 +0 -> pi/2|>0 -0 -> pi/2|+0 >0 -> +0|+0 +0 -> +0|+0 -0 -> pi|+0 <0 -> pi|-0 >0 -> -0"
    "|-0 +0 -> -0|-0 -0 -> -pi|-0 <0 -> -pi|<0 +0 -> -pi/2|<0 -0 -> -pi/2|pos inf -> +0|pos -inf -> pi|neg inf -> -0"
    "|neg -inf -> -pi|inf fin -> pi/2|-inf fin -> -pi/2|inf inf -> pi/4|inf -inf -> 3pi/4|-inf inf -> -pi/4"
    "|-inf -inf -> -3pi/4",
    "copysign": "num <0 -> -abs(x1)|num -0 -> -abs(x1)|num +0 -> abs(x1)|num >0 -> abs(x1)|num -nan -> -abs(x1)"
    "|num nan -> abs(x1)|nan any -> nan",
    "divide": _QUOTIENT,
    "equal": "nan any -> False|any nan -> False|inf inf -> True|-inf -inf -> True|±0 ±0 -> True|inf -inf -> False",
    "floor_divide": _QUOTIENT,
    "hypot": "±inf any -> inf|any ±inf -> inf|±0 fin -> abs(x2)|fin ±0 -> abs(x1)|fin nan -> nan|nan fin -> nan"
    "|nan nan -> nan",
    "logaddexp": _NAN + "|inf num -> inf|num inf -> inf",
    "maximum": _NAN,
    "minimum": _NAN,
    "multiply": _NAN + "|±inf ±0 -> nan|±0 ±inf -> nan|inf >0 -> inf|inf <0 -> -inf|-inf >0 -> -inf|-inf <0 -> inf"
    "|>0 inf -> inf|<0 inf -> -inf|>0 -inf -> -inf|<0 -inf -> inf",
    "nextafter": _NAN + "|-0 +0 -> +0|+0 -0 -> -0",
    "not_equal": "nan any -> True|any nan -> True|inf -inf -> True|-inf inf -> True|±0 ±0 -> False|inf inf -> False",
    "pow": "≠1 nan -> nan|any ±0 -> 1|nan ≠0 -> nan|abs>1 inf -> inf|abs>1 -inf -> +0|±1 inf -> 1|±1 -inf -> 1"
    "|1 num -> 1"
    "|abs<1 inf -> +0|abs<1 -inf -> inf|inf >0 -> inf|inf <0 -> +0|-inf odd>0 -> -inf|-inf even>0 -> inf"
    "|-inf odd<0 -> -0"
    "|-inf even<0 -> +0|+0 >0 -> +0|+0 <0 -> inf|-0 odd>0 -> -0|-0 even>0 -> +0|-0 odd<0 -> -inf|-0 even<0 -> inf"
    "|neg broken -> nan",
    "remainder": _NAN + "|±inf ±inf -> nan|±0 ±0 -> nan|±0 >0 -> +0|±0 <0 -> -0|>0 ±0 -> nan|<0 ±0 -> nan"
    "|±inf nz -> nan"
    "|pos inf -> x1|pos -inf -> x2|neg inf -> x2|neg -inf -> x1",
    "subtract": _NAN + "|inf inf -> nan|-inf -inf -> nan|inf -inf -> inf|-inf inf -> -inf|-0 +0 -> -0|-0 -0 -> +0"
    "|+0 +0 -> +0|+0 -0 -> +0|±0 nz -> -x2|nz ±0 -> x1",
}  # fmt: skip

# Where the operator `//` is Python's, as the text allows, and not `floor_divide`.
PYTHON_QUOTIENTS = ["inf pos", "inf neg", "-inf pos", "-inf neg", "pos -inf", "neg inf"]

_NANS = "nan nan -> nan nan"

COMPLEX = {
    "acos": "±0 +0 -> pi/2 -0|±0 nan -> pi/2 nan|fin inf -> pi/2 -inf|nz nan -> nan nan|-inf pos -> pi -inf"
    "|inf pos -> +0 -inf|-inf inf -> 3pi/4 -inf|inf inf -> pi/4 -inf|±inf nan -> nan ~inf|nan fin -> nan nan"
    "|nan inf -> nan -inf|" + _NANS,
    "acosh": "±0 +0 -> +0 pi/2|fin inf -> inf pi/2|nz nan -> nan nan|+0 nan -> nan ~pi/2|-inf pos -> inf pi"
    "|inf pos -> inf +0|-inf inf -> inf 3pi/4|inf inf -> inf pi/4|±inf nan -> inf nan|nan fin -> nan nan"
    "|nan inf -> inf nan|" + _NANS,
    "asinh": "+0 +0 -> +0 +0|pos inf -> inf pi/2|fin nan -> nan nan|inf pos -> inf +0|inf inf -> inf pi/4"
    "|nan +0 -> nan +0|nan nz -> nan nan|nan inf -> ~inf nan|" + _NANS,
    "atanh": "+0 +0 -> +0 +0|+0 nan -> +0 nan|1 +0 -> inf +0|pos inf -> +0 pi/2|nz nan -> nan nan|inf pos -> +0 pi/2"
    "|inf inf -> +0 pi/2|inf nan -> +0 nan|nan fin -> nan nan|nan inf -> ~+0 pi/2|" + _NANS,
    "cosh": "+0 +0 -> 1 +0|+0 inf -> nan ~+0|+0 nan -> nan ~+0|nz inf -> nan nan|nz nan -> nan nan|inf +0 -> inf +0"
    "|inf nz -> inf cis|inf inf -> ~inf nan|inf nan -> inf nan|nan ±0 -> nan ~+0|nan nz -> nan nan|" + _NANS,
    "exp": "±0 +0 -> 1 +0|fin inf -> nan nan|fin nan -> nan nan|inf +0 -> inf +0|-inf fin -> +0 cis|inf nz -> inf cis"
    "|-inf inf -> ~+0 ~+0|inf inf -> ~inf nan|-inf nan -> ~+0 ~+0|inf nan -> ~inf nan|nan +0 -> nan +0"
    "|nan ≠0 -> nan nan|" + _NANS,
    "expm1": "±0 +0 -> +0 +0|fin inf -> nan nan|fin nan -> nan nan|inf +0 -> inf +0|-inf inf -> -1 ~+0"
    "|inf nz -> inf cis|inf inf -> ~inf nan|-inf nan -> -1 ~+0|inf nan -> ~inf nan|nan +0 -> nan +0"
    "|nan ≠0 -> nan nan|"
    + _NANS,
    "log": "-0 +0 -> -inf pi|+0 +0 -> -inf +0|fin inf -> inf pi/2|fin nan -> nan nan|-inf pos -> inf pi"
    "|inf pos -> inf +0"
    "|-inf inf -> inf 3pi/4|inf inf -> inf pi/4|±inf nan -> inf nan|nan fin -> nan nan|nan inf -> inf nan|" + _NANS,
    "log1p": "-1 +0 -> -inf +0|fin inf -> inf pi/2|fin nan -> nan nan|-inf pos -> inf pi|inf pos -> inf +0"
    "|-inf inf -> inf 3pi/4|inf inf -> inf pi/4|±inf nan -> inf nan|nan fin -> nan nan|nan inf -> inf nan|" + _NANS,
    "sign": "±0 ±0 -> +0 +0|nan any -> nan nan|any nan -> nan nan",
    "sinh": "+0 +0 -> +0 +0|+0 inf -> ~+0 nan|+0 nan -> ~+0 nan|pos inf -> nan nan|pos nan -> nan nan"
    "|inf +0 -> inf +0"
    "|inf pos -> inf cis|inf inf -> ~inf nan|inf nan -> ~inf nan|nan +0 -> nan +0|nan nz -> nan nan|" + _NANS,
    "sqrt": "±0 +0 -> +0 +0|any inf -> inf inf|fin nan -> nan nan|-inf pos -> +0 inf|inf pos -> inf +0"
    "|-inf nan -> nan ~inf"
    "|inf nan -> inf nan|nan fin -> nan nan|" + _NANS,
    "tanh": "+0 +0 -> +0 +0|nz inf -> nan nan|+0 inf -> +0 nan|nz nan -> nan nan|+0 nan -> +0 nan|inf pos -> 1 +0"
    "|inf inf -> 1 ~+0|inf nan -> 1 ~+0|nan +0 -> nan +0|nan nz -> nan nan|" + _NANS,
}  # fmt: skip

COMPLEX_TO_REAL = {
    "abs": "±inf any -> inf|any ±inf -> inf|±0 fin -> abs(x2)|fin ±0 -> abs(x1)|nan fin -> nan|fin nan -> nan"
    "|nan nan -> nan",
    "isfinite": "nan any -> False|any nan -> False|±inf any -> False|any ±inf -> False|fin fin -> True",
    "isinf": "±inf any -> True|any ±inf -> True|fin fin -> False|nan fin -> False|fin nan -> False",
    "isnan": "nan any -> True|any nan -> True|inf fin -> False|fin -inf -> False",
}
