"""Any value that this protocol's CBOR can hold, for tests that make them up."""

import cbor2
from hypothesis import strategies as st

from sync.wire import cbor

INTEGERS = st.integers(min_value=-(2**64), max_value=2**64 - 1)
TEXTS = st.text(max_size=12)


def plain_values() -> st.SearchStrategy[cbor.Value]:
    scalars: st.SearchStrategy[cbor.Value] = (
        st.none() | st.booleans() | INTEGERS | st.binary(max_size=40) | TEXTS
    )
    return st.recursive(scalars, _containers, max_leaves=6)


def _containers(items: st.SearchStrategy[cbor.Value]) -> st.SearchStrategy[cbor.Value]:
    keys: st.SearchStrategy[int | str] = st.integers(-3, 16) | TEXTS
    # Numbers from 6 to 17 carry no meaning to the decoder.
    tagged = st.builds(cbor2.CBORTag, st.integers(6, 17), items)
    return st.lists(items, max_size=5) | st.dictionaries(keys, items, max_size=5) | tagged


def encodings() -> st.SearchStrategy[bytes]:
    return plain_values().map(cbor.encode)
