/** One server-sent event; `id` is the newest id heard so far, as the standard has it. */
export type Sent = { readonly id: string; readonly event: string; readonly data: string };

/**
 * Reads the text/event-stream format, however the bytes were cut. Feed text, get the events it completed.
 * Follows the parsing rules of the HTML standard, section 9.2.6, but for `retry`, which the caller decides itself.
 */
export function sseParser(lastId: string = ""): (text: string) => Sent[] {
  let id = lastId;
  let event = "";
  let data: string[] = [];
  let rest = "";
  return (text) => {
    const out: Sent[] = [];
    rest += text;
    // A lone \r at the end may be the first half of \r\n: it waits for the next piece.
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line === "") {
        if (data.length > 0) out.push({ id, event: event || "message", data: data.join("\n") });
        event = "";
        data = [];
        continue;
      }
      const colon = line.indexOf(":");
      if (colon === 0) continue;
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? "" : line.slice(line[colon + 1] === " " ? colon + 2 : colon + 1);
      if (field === "data") data.push(value);
      else if (field === "event") event = value;
      else if (field === "id" && !value.includes("\0")) id = value;
    }
    return out;
  };
}
