"""What is looked at in a network's file before onnxruntime gets it.

Protocol buffers: a field is a number and a kind, then its value. A file that is no such thing gives
whatever came before the damage: onnxruntime refuses it with words of its own. Numbers of the fields
are those of the ONNX specification, https://github.com/onnx/onnx/blob/main/onnx/onnx.proto.
"""

from collections.abc import Iterator

_MODEL_GRAPH, _MODEL_OPERATION_SET = 7, 8
_SET_DOMAIN = 1
_GRAPH_NODE, _GRAPH_WEIGHT, _GRAPH_SPARSE_WEIGHT = 1, 5, 15
_NODE_ATTRIBUTE = 5
_ATTRIBUTE_TENSORS, _ATTRIBUTE_GRAPHS = (5, 10), (6, 11)
_TENSOR_EXTERNAL_DATA = 13
_DEEPEST = 16


def operation_domains(content: bytes) -> list[str]:
    """Return the operation sets a network imports, read from the file's outermost fields."""
    domains = []
    for value in _within(memoryview(content), _MODEL_OPERATION_SET):
        names = [bytes(v) for v in _within(value, _SET_DOMAIN)]
        domains.append(names[0].decode("utf-8", "replace") if names else "")
    return domains


def names_other_files(content: bytes) -> bool:
    """Return whether a network keeps weights outside its own file (ONNX's external data)."""
    return any(_is_elsewhere(g, 0) for g in _within(memoryview(content), _MODEL_GRAPH))


def _is_elsewhere(graph: memoryview, depth: int) -> bool:
    if depth > _DEEPEST:
        return True  # nobody nests so deep who means well
    tensors = [*_within(graph, _GRAPH_WEIGHT)]
    for sparse in _within(graph, _GRAPH_SPARSE_WEIGHT):
        tensors += _within(sparse, 1, 2)
    inner: list[memoryview] = []
    for node in _within(graph, _GRAPH_NODE):
        for attribute in _within(node, _NODE_ATTRIBUTE):
            tensors += _within(attribute, *_ATTRIBUTE_TENSORS)
            inner += _within(attribute, *_ATTRIBUTE_GRAPHS)
    outside = any(True for t in tensors for _ in _within(t, _TENSOR_EXTERNAL_DATA))
    return outside or any(_is_elsewhere(g, depth + 1) for g in inner)


def _within(content: memoryview, *numbers: int) -> Iterator[memoryview]:
    """Yield the values of the fields of these numbers that hold bytes."""
    at = 0
    try:
        while at < len(content):
            key, at = _varint(content, at)
            kind = key & 7
            if kind == 2:
                size, at = _varint(content, at)
                if key >> 3 in numbers:
                    yield content[at : at + size]
                at += size
            elif kind == 0:
                _, at = _varint(content, at)
            elif kind in (1, 5):
                at += 8 if kind == 1 else 4
            else:
                return
    except IndexError:
        return


def _varint(content: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = content[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128 or shift > 63:
            return value, at
