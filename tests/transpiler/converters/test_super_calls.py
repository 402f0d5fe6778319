"""`super()` without arguments."""

import reference
from assert_converts import is_plain, without_comments

from autograph.transpiler import convert, to_code


class Base:
    scale = 3

    def value(self, x):
        return x * self.scale


class Derived(Base):
    def value(self, x):
        if x > 0:
            return super().value(x) + 1
        return super().scale


def test_super_finds_the_class_and_the_object():
    converted = convert(Derived.value, namespace=reference, is_plain=is_plain)
    for x in (2, -2):
        assert converted(Derived(), x) == Derived().value(x)
    code = without_comments(to_code(Derived.value, is_plain=is_plain))
    assert "ag.call(super(__class__, self).value, x) + 1" in code
    assert "super(__class__, self).scale" in code
