// A stream that is fed on time, late, and far too late; what it made of it.
async () => {
  const { Stream } = await import("/client/nearby/stream.js");
  const chart = { keys: 2, notes: [[500_000, 0, 0], [1_000_000, 0, 0], [2_000_000, 1, 0], [3_000_000, 0, 0]] };
  const stream = new Stream(chart, { start_us: 0, window_us: 1e9, input_us: 20_000 }, 800_000);
  const graded = () => stream.judge.judged.map(({ start, grade, error }) => [start, grade, error]);
  const run = (fromMs, toMs) => {
    for (let ms = fromMs; ms <= toMs; ms += 20) stream.tick(ms, ms * 1_000);
  };
  run(0, 1_200);
  stream.take({ keys: [[1_030_000, 0, 1], [1_090_000, 0, 0], [1_100_000, 7, 1]], riffs: [] }, 1_200_000);
  run(1_220, 1_400);
  const early = graded(); // shown 0.4 s behind: the press is not to be seen yet
  run(1_420, 1_460);
  const onTime = graded();
  run(1_480, 2_700);
  const open = graded().length; // the second note passed by, and a late frame may still tell of its press
  stream.take({ keys: [[2_020_000, 1, 1]], riffs: [] }, 2_720_000);
  run(2_720, 2_760);
  const late = graded();
  stream.take({ keys: [], riffs: [[2_800_000, [[3_100_000, 0], [3_200_000, 9], [3_300_000, 0], [3_400_000, 0]]]] }, 2_900_000);
  run(2_780, 4_000);
  const missed = graded().at(-1);
  for (let at = 4_100_000; at < 6_000_000; at += 250_000) stream.take({ keys: [[at, 0, 0]], riffs: [] }, at + 700_000);
  run(4_020, 12_000);
  const fallen = Math.round(stream.behindMs);
  for (let at = 12_000_000; at < 24_000_000; at += 250_000) stream.take({ keys: [[at, 0, 0]], riffs: [] }, at + 100_000);
  run(12_020, 24_000);
  return { early, onTime, open, late, missed, riffs: stream.judge.riffs.length, fallen, caughtUp: Math.round(stream.behindMs) };
}
