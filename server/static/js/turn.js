// One question and what has come back for it so far. Pure data: no page, no network.

let counter = 0;

/** A new turn; `asked` is `{question, mode, filters, generate}`. */
export function newTurn(asked) {
  counter += 1;
  return { id: `turn-${Date.now().toString(36)}-${counter}`, ...asked, ...nothing() };
}

/** What a turn holds before anything came back. */
function nothing() {
  return {
    state: "asking",
    stage: "read",
    queue: null,
    progress: null,
    understood: null,
    evidence: [],
    verdicts: [],
    citations: [],
    text: "",
    answer: null,
    error: null,
  };
}

/** Forgets what had come back, to ask once more. */
export function restart(turn) {
  Object.assign(turn, nothing());
}

/** A turn that shows an answer which is already complete. */
export function turnFromAnswer(answer) {
  const turn = newTurn({ question: answer.question, mode: "auto", filters: {}, generate: true });
  finish(turn, answer);
  return turn;
}

/** Takes one event of the stream into the turn. */
export function applyEvent(turn, type, data) {
  const apply = APPLY[type];
  if (apply) apply(turn, data);
}

const APPLY = {
  status(turn, data) {
    turn.stage = data.stage ?? turn.stage;
    turn.queue = data.position ?? null;
    if (data.question_resolved) turn.understood = data;
  },
  evidence(turn, data) {
    turn.stage = "evidence";
    turn.evidence = data.hits ?? [];
  },
  verdict(turn, data) {
    turn.stage = "judging";
    turn.progress = { done: data.done, total: data.total };
    turn.verdicts = [...turn.verdicts.filter((verdict) => verdict.plan_id !== data.plan_id), data];
  },
  citation(turn, data) {
    turn.citations = [...turn.citations.filter((citation) => citation.n !== data.n), data];
  },
  delta(turn, data) {
    turn.stage = "writing";
    turn.text += data.text;
  },
  final: finish,
};

function finish(turn, answer) {
  turn.state = "done";
  turn.answer = answer;
  turn.understood = answer;
  turn.text = answer.answer ?? "";
  turn.citations = answer.citations ?? [];
  turn.verdicts = answer.verdicts ?? [];
  turn.evidence = [];
}

/** The citation with that number, as far as it has come. */
export function citationOf(turn, n) {
  return turn.citations.find((citation) => citation.n === n);
}

/** Citations in the order of their marks. */
export function citationsInOrder(turn) {
  return [...turn.citations].sort((one, other) => one.n - other.n);
}

/** Earlier turns as the `history` of a question: what was understood and what was answered. */
export function historyOf(turns, limit = 6) {
  return turns
    .filter((turn) => turn.answer !== null)
    .slice(-limit)
    .flatMap(({ answer }) => [
      { role: "user", content: answer.question_resolved || answer.question },
      { role: "assistant", content: answer.answer },
    ]);
}

/** How many things a count or a list stands for. */
export function size(value) {
  return Array.isArray(value) ? value.length : value ?? 0;
}
