"""Attribute values as they go over the wire, with short names."""


def S(text):
    return {"S": text}


def N(number):
    return {"N": str(number)}


def B(data):
    return {"B": data}


def BOOL(value):
    return {"BOOL": value}


NULL = {"NULL": True}


def SS(*members):
    return {"SS": list(members)}


def NS(*members):
    return {"NS": [str(member) for member in members]}


def BS(*members):
    return {"BS": list(members)}


def L(*elements):
    return {"L": list(elements)}


def M(**entries):
    return {"M": entries}


def nested(levels, value=None):
    """A value wrapped in that many lists."""
    value = value or S("core")
    for _ in range(levels):
        value = L(value)
    return value
