"""The verbs of generated code for plain Python values: what staging does when no tensor decides."""

import operator
import types

no_value = object()


class Unbound:
    """The value of a name that has none."""

    def __init__(self, name):
        self.name = name


def unbound(name):
    return Unbound(name)


def bound(value, free=None):
    if isinstance(value, Unbound):
        raise UnboundLocalError(f"cannot access local variable '{value.name}' where it is not associated with a value")
    return value


def local(read, name):
    try:
        return bound(read())
    except NameError:
        raise UnboundLocalError(
            f"cannot access local variable '{name}' where it is not associated with a value"
        ) from None


def _names(names):
    return [name.strip() for name in names.split(",")] if names else []


def _packed(values):
    if not values:
        return None
    return values[0] if len(values) == 1 else values


def _unpacked(result, count):
    if count == 0:
        assert result is None
        return ()
    values = (result,) if count == 1 else result
    assert isinstance(values, tuple) and len(values) == count
    return values


def if_(test, then, orelse, carry=(), names=None, cells="", globals_=""):
    branch = then if test else orelse
    if branch is None:
        assert not names
        return None
    result = branch(*carry)
    if names is not None:
        _unpacked(result, len(_names(names)))
    return result


def while_(test, body, carry=(), names=None, until=None, cells="", globals_=""):
    values = tuple(carry)
    assert len(values) == len(_names(names))
    while not (until is not None and until(*values)) and test(*values):
        values = _unpacked(body(*values), len(values))
    return _packed(values)


def for_(iterable, body, carry=(), names=None, until=None, cells="", globals_=""):
    values = tuple(carry)
    assert len(values) == len(_names(names))
    for item in iterable:
        values = _unpacked(body(item, *values), len(values))
        if until is not None and until(*values):
            break
    return _packed(values)


def and_(left, right):
    return left and right()


def or_(left, right):
    return left or right()


def not_(value):
    return not value


def in_(item, container):
    return item in container


def is_(a, b):
    return a is b


def subject(value):
    return value


def is_none(value):
    return value is None


_COMPARE = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
    "is": operator.is_,
    "is not": operator.is_not,
    "in": lambda a, b: a in b,
    "not in": lambda a, b: a not in b,
}


def compare(first, symbol, operand, *rest):
    right = operand()
    result = _COMPARE[symbol](first, right)
    return result and compare(right, *rest) if rest else result


def call(function, /, *args, **kwargs):
    return function(*args, **kwargs)


def text(value):
    return value


def percent(template, values):
    return template % values


def list_(items=()):
    return list(items)


def dict_(items=(), **named):
    return dict(items, **named)


def joined(*parts):
    return [item for part in parts for item in part]


def _items(element, iterable, where, flat):
    for item in iterable:
        if where is None or where(item):
            if flat:
                yield from element(item)
            else:
                yield element(item)


def list_of(element, iterable, where=None, flat=False):
    return list(_items(element, iterable, where, flat))


def iter_of(element, iterable, where=None, flat=False):
    return _items(element, iterable, where, flat)


def set_of(element, iterable, where=None):
    return set(_items(element, iterable, where, False))


def dict_of(entry, iterable, where=None):
    return dict(_items(entry, iterable, where, False))


def assert_(test, text=None):
    if not test:
        raise AssertionError(*([] if text is None else [text()]))


def set_attr(obj, name, value):
    setattr(obj, name, value)


def del_attr(obj, name):
    delattr(obj, name)


def set_item(obj, key, value):
    obj[key] = value


def del_item(obj, key):
    del obj[key]


def item(obj, key):
    return obj[key]


def try_(attempt, clauses, carry=(), names=None, cells="", globals_=""):
    try:
        return attempt(*carry)
    except BaseException as error:
        for kinds, *name, handler in clauses:
            wanted = kinds() if isinstance(kinds, types.FunctionType) else kinds
            if isinstance(error, wanted):
                return handler(*([error] if name else []), *carry)
        raise


def finally_(attempt, final, carry=(), names=None, cells="", globals_=""):
    try:
        return attempt(*carry)
    finally:
        final()


def with_(manager, block, carry=(), names=None, cells="", globals_="", swallows=False):
    with manager as value:
        return block(value, *carry)
    assert swallows
