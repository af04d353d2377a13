"""Do spans find what is missing, and where the rest lies?"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from siege_sim.experiment.store import spans
from siege_sim.experiment.store.spans import Place, Span

CHUNKS = {"a": (Span("p", 0, 4), Span("q", 0, 2)), "b": (Span("q", 2, 5),), "c": (Span("p", 6, 9),)}


def test_a_span_lies_where_its_rows_are_and_a_gap_in_no_chunk():
    there = spans.places(CHUNKS)
    assert list(spans.along(Span("p", 2, 8), there)) == [Place(2, 4, "a", 2), Place(4, 6, "", 0), Place(6, 8, "c", 0)]
    assert list(spans.along(Span("q", 1, 5), there)) == [Place(1, 2, "a", 5), Place(2, 5, "b", 0)]


def test_what_lies_in_no_chunk_is_missing():
    wanted = [Span("p", 0, 10), Span("q", 0, 5), Span("r", 0, 2)]
    assert spans.missing(wanted, spans.places(CHUNKS)) == [Span("p", 4, 6), Span("p", 9, 10), Span("r", 0, 2)]


def test_nothing_is_taken_twice_where_chunks_overlap():
    there = spans.places({"a": (Span("p", 0, 6),), "b": (Span("p", 2, 4),), "c": (Span("p", 3, 8),)})
    assert list(spans.along(Span("p", 0, 8), there)) == [Place(0, 6, "a", 0), Place(6, 8, "c", 3)]


def test_points_that_may_not_be_joined_have_pieces_of_their_own():
    wanted = [Span("p", 0, 3), Span("q", 0, 3)]
    assert spans.divided(wanted, 2, together=False) == [
        [Span("p", 0, 2)],
        [Span("p", 2, 3)],
        [Span("q", 0, 2)],
        [Span("q", 2, 3)],
    ]


def test_points_that_may_be_joined_fill_each_piece():
    wanted = [Span("p", 0, 3), Span("q", 0, 3)]
    assert spans.divided(wanted, 4, together=True) == [[Span("p", 0, 3), Span("q", 0, 1)], [Span("q", 1, 3)]]


some_spans = st.lists(st.builds(lambda p, a, n: Span(p, a, a + n), st.sampled_from("pqr"), st.integers(0, 20), st.integers(1, 9)))


@given(some_spans, st.integers(1, 7), st.booleans())
def test_pieces_hold_everything_once_and_in_order(wanted, most, together):
    pieces = spans.divided(wanted, most, together=together)
    assert all(spans.size(piece) <= most for piece in pieces)
    rows = [(span.point, at) for piece in pieces for span in piece for at in range(span.first, span.stop)]
    assert rows == [(span.point, at) for span in wanted for at in range(span.first, span.stop)]


@given(some_spans, some_spans)
def test_every_replicate_is_there_once_or_missing_once(wanted, done):
    there = spans.places({str(index): (span,) for index, span in enumerate(done)})
    have = {(span.point, at) for span in done for at in range(span.first, span.stop)}
    for span in wanted:
        found = [(place, at) for place in spans.along(span, there) for at in range(place.first, place.stop)]
        assert [at for _, at in found] == list(range(span.first, span.stop))
        assert all(bool(place.chunk) == ((span.point, at) in have) for place, at in found)
        assert all(done[int(p.chunk)].first + p.row + at - p.first == at for p, at in found if p.chunk)
