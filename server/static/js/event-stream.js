// Server-sent events read from a fetch body (EventSource cannot POST).

/**
 * Turns bytes into events. Borders between chunks may fall anywhere: inside a character, between
 * the two halves of a line end, in the middle of an event.
 */
export class EventStreamParser {
  constructor() {
    this.decoder = new TextDecoder("utf-8");
    this.rest = "";
    this.afterReturn = false;
    this.event = "";
    this.data = [];
  }

  /** The events that `bytes` (a Uint8Array) completes. */
  feed(bytes) {
    let text = this.decoder.decode(bytes, { stream: true });
    if (text === "") return [];
    if (this.afterReturn && text[0] === "\n") text = text.slice(1);
    this.afterReturn = text === "" ? false : text.endsWith("\r");
    const lines = (this.rest + text).split(/\r\n|\r|\n/);
    this.rest = lines.pop();
    const events = [];
    for (const line of lines) {
      const event = this.line(line);
      if (event !== null) events.push(event);
    }
    return events;
  }

  line(line) {
    if (line === "") return this.dispatch();
    if (line[0] === ":") return null;
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    let value = colon < 0 ? "" : line.slice(colon + 1);
    if (value[0] === " ") value = value.slice(1);
    if (field === "event") this.event = value;
    if (field === "data") this.data.push(value);
    return null;
  }

  dispatch() {
    const event = this.data.length === 0 ? null : { event: this.event || "message", data: this.data.join("\n") };
    this.event = "";
    this.data = [];
    return event;
  }
}

/** The events of a response, one after another, until its body ends; an unfinished one is dropped. */
export async function* readEvents(response) {
  const parser = new EventStreamParser();
  const reader = response.body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield* parser.feed(value);
    }
  } finally {
    // Leaving early must close the connection, so that the server stops generating.
    reader.cancel().catch(() => undefined);
  }
}
