"""Private names of classes."""

import reference
from assert_converts import is_plain, without_comments

from autograph.transpiler import convert, to_code


class _Counter:
    def __init__(self):
        self.__count = 0

    def add(self, __by=1, *, __twice=False):
        self.__count += __by
        if __twice:
            self.__count += __by
        return self.__count, self.__dict__


def test_private_names_get_the_classes_prefix():
    converted = convert(_Counter.add, namespace=reference, is_plain=is_plain)
    mine, theirs = _Counter(), _Counter()
    for arguments, options in [((), {}), ((5,), {}), ((2,), {"_Counter__twice": True})]:
        assert converted(mine, *arguments, **options) == theirs.add(*arguments, **options)
    code = without_comments(to_code(_Counter.add, is_plain=is_plain))
    assert "ag.set_attr(self, '_Counter__count'" in code
    assert "getattr, self, '__dict__'" in code
