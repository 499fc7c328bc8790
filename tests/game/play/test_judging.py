"""A recorded play is judged as a whole."""

from fractions import Fraction

from consensus.chart import Chart, Note, TimingPoint
from consensus.evidence import KeyEvent
from game.play.judging import PlayRecord, judge_replay
from game.play.osr import Replay

BEAT = (TimingPoint(0, 500_000),)
NOTES = tuple(Note(500_000 * i + i % 3 // 2 * 250_000, i * i * i % 7 % 4) for i in range(1, 41))
CHART = Chart("", "", 4, BEAT, NOTES)
RECORD_NAMES = ["perfect", "great", "good", "ok", "meh", "miss"]


def played(error_us: int, count: int = 40, rate: Fraction = Fraction(1)) -> Replay:
    events = [
        KeyEvent(note.start_us + error_us + after_us, note.lane, after_us == 0)
        for note in CHART.notes[:count]
        for after_us in (0, 80_000)
    ]
    return Replay(tuple(events), rate, "", (0,) * 6)


def test_the_grades_add_up_to_the_notes():
    record = judge_replay(CHART, played(20_000, count=30))
    assert list(record.grades) == RECORD_NAMES
    assert list(record.grades.values()) == [0, 30, 0, 0, 0, 10]
    assert (record.notes, record.accuracy_ppm) == (40, 750_000)


def test_nobody_playing_is_worth_nothing():
    empty = dict.fromkeys(RECORD_NAMES, 0) | {"miss": 40}
    assert judge_replay(CHART, played(0, count=0)) == PlayRecord(40, empty, 0, 0, 0, 0, 0)


def test_a_chart_without_notes_is_worth_nothing():
    nothing = dict.fromkeys(RECORD_NAMES, 0)
    silent = Chart("", "", 4, BEAT, ())
    assert judge_replay(silent, played(0)) == PlayRecord(0, nothing, 0, 0, 0, 0, 0)


def test_more_misses_are_never_worth_more():
    qualities = [judge_replay(CHART, played(0, count)).quality for count in range(5, 41, 5)]
    assert qualities == sorted(qualities)
    assert qualities[-1] > 500_000 > qualities[0]


def test_errors_are_those_in_real_time():
    at_double_time = judge_replay(CHART, played(24_000, rate=Fraction(3, 2)))
    assert at_double_time.grades["perfect"] == 40
