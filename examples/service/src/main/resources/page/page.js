// Shows a run's stages as they settle. Whatever comes from an input or an answer is put into the page as text, never as
// markup: there is no innerHTML here, and the content security policy would stop a script that got in all the same.
"use strict";

const SVG = "http://www.w3.org/2000/svg";
const byId = (id) => document.getElementById(id);

const NAMES = { sentiment: "Sentiment", moderation: "Moderation", topics: "Topics", summary: "Summary", entities: "Entities",
  keywords: "Keywords", language: "Language",
  embedding: "Embedding", classification: "What is on it", text: "Text on it" };
const OUTCOMES = { success: "answered", degraded: "answered by a fallback", skipped: "skipped", failed: "failed" };

let running = null;
let asked = { text: "" };

function element(name, text, attributes) {
  const node = document.createElement(name);
  if (text !== undefined && text !== null) node.textContent = text;
  for (const [key, value] of Object.entries(attributes || {})) node.setAttribute(key, value);
  return node;
}

function drawn(name, attributes) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
}

function number(value) { return value.toFixed(3); }

function scores(labels) {
  return labels.map(({ label, score }) => {
    const row = element("div", null, { class: "score" });
    const meter = element("meter", number(score), { min: 0, max: 1, value: score, "aria-label": label });
    row.append(element("span", label), meter, element("span", number(score), { class: "number" }));
    return row;
  });
}

function verdict(good, text) { return element("p", text, { class: "verdict " + (good ? "good" : "bad") }); }

// Marks spans in a text, with their labels where they end. They may overlap: the text is cut wherever one begins or ends.
function marked(text, spans) {
  const box = element("p", null, { class: "text", dir: "auto" });
  const cuts = new Set([0, text.length]);
  for (const { start, end } of spans) cuts.add(start).add(end);
  const places = [...cuts].filter((place) => place <= text.length).sort((a, b) => a - b);
  for (let i = 1; i < places.length; i++) {
    const [start, end] = [places[i - 1], places[i]];
    const over = spans.filter((span) => span.start <= start && end <= span.end);
    if (over.length === 0) {
      box.append(text.slice(start, end));
      continue;
    }
    const mark = element("mark", text.slice(start, end), { title: over.map((span) => `${span.label} ${number(span.score)}`).join(", ") });
    const ending = over.filter((span) => span.end === end);
    if (ending.length) mark.append(element("small", ending.map((span) => span.label).join(", ")));
    box.append(mark);
  }
  return box;
}

const SHOW = {
  sentiment: (value) => scores([value]),
  topics: (value) => scores(value),
  classification: (value) => scores(value),
  summary: (value) => [element("p", value, { class: "text", dir: "auto" })],
  entities: (value) => value.length ? [marked(asked.text, value.map((entity) => ({ ...entity, label: entity.type })))]
    : [element("p", "None was found.")],
  keywords: (value) => value.length ? scores(value) : [element("p", "None was found.")],
  language: (value) => scores(value.candidates.slice(0, 3)),
  embedding: (value) => {
    const picture = drawn("svg", { viewBox: `0 -1 ${value.length} 2`, preserveAspectRatio: "none", class: "vector",
      role: "img", "aria-label": `${value.length} numbers` });
    const most = Math.max(...value.map(Math.abs), 1e-9);
    value.forEach((x, i) => picture.append(drawn("rect", { x: i, width: 1, y: Math.min(0, -x / most), height: Math.abs(x / most) })));
    return [picture, element("p", `${value.length} numbers`, { class: "hint" })];
  },
  moderation: (value) => {
    if ("isAppropriate" in value) {
      const nodes = [verdict(value.isAppropriate, value.isAppropriate ? "Appropriate" : "Not appropriate")];
      return value.score === null ? nodes : nodes.concat(scores([{ label: "not safe for work", score: value.score }]));
    }
    const nodes = [verdict(!value.flagged, value.flagged ? "Flagged" : "Not flagged")].concat(scores(value.categories));
    return value.findings.length
      ? nodes.concat([marked(asked.text, value.findings.map((finding) => ({ ...finding, label: finding.category })))]) : nodes;
  },
  text: (value) => {
    boxes(value.lines);
    return [value.text ? element("pre", value.text, { dir: "auto" }) : element("p", "No text was found.")];
  },
};

function boxes(lines) {
  const image = byId("subject").querySelector("img");
  if (!image) return;
  const draw = () => {
    const overlay = drawn("svg", { viewBox: `0 0 ${image.naturalWidth} ${image.naturalHeight}`, role: "img",
      "aria-label": `${lines.length} lines of text are outlined` });
    for (const line of lines) {
      const outline = drawn("polygon", { points: line.box.map(([x, y]) => `${x},${y}`).join(" ") });
      const title = drawn("title", {});
      title.textContent = `${line.text} (${number(line.score)})`;
      outline.append(title);
      overlay.append(outline);
    }
    byId("subject").append(overlay);
  };
  if (image.complete && image.naturalWidth) draw(); else image.addEventListener("load", draw, { once: true });
}

function stage(event) {
  const card = element("article", null, { class: "stage", "data-stage": event.name, "data-outcome": event.outcome });
  const head = element("header");
  const reason = event.reason ? ` (${event.reason})` : "";
  head.append(element("h3", NAMES[event.name] || event.name),
    element("span", `${OUTCOMES[event.outcome] || event.outcome}${reason} after ${event.millis.toFixed(1)} ms`, { class: "how" }));
  card.append(head);
  if (event.message) card.append(element("p", event.message));
  if (event.value !== null && SHOW[event.name]) card.append(...SHOW[event.name](event.value));
  const waiting = byId("stages").querySelector(`[data-stage="${CSS.escape(event.name)}"]`);
  if (waiting) waiting.replaceWith(card); else byId("stages").append(card);
  if (event.outcome === "skipped") skipped.push(event);
  settled += 1;
  byId("status").textContent = `${settled} answered so far.`;
}

let skipped = [];
let settled = 0;

function waterfall(trace) {
  const body = byId("trace").querySelector("tbody");
  body.replaceChildren();
  const total = Math.max(trace.millis, 1e-6);
  for (const entry of trace.entries) {
    const row = element("tr", null, { "data-delivery": entry.delivery });
    const when = element("td", null, { class: "when" });
    const begin = Math.max(0, Math.min(entry.begin, total));
    const bar = drawn("svg", { viewBox: "0 0 1000 10", preserveAspectRatio: "none", "aria-hidden": "true" });
    bar.append(drawn("rect", { x: 1000 * begin / total, y: 0, height: 10, class: entry.delivery,
      width: Math.max(3, 1000 * Math.min(entry.duration, total - begin) / total) }));
    when.append(bar);
    row.append(element("td", entry.name), element("td", entry.delivery), when, element("td", entry.duration.toFixed(2)));
    body.append(row);
  }
  for (const event of skipped) {
    const row = element("tr", null, { "data-delivery": "skipped" });
    row.append(element("td", event.name), element("td", "skipped"), element("td", event.reason || ""), element("td", "0.00"));
    body.append(row);
  }
  byId("waterfall").hidden = false;
  byId("status").textContent = `Done in ${trace.millis.toFixed(1)} ms.`;
}

function failed(text) {
  byId("alert").textContent = text;
  byId("status").textContent = "Not analysed.";
}

function clear() {
  byId("alert").textContent = "";
  byId("stages").replaceChildren();
  byId("waterfall").hidden = true;
  const subject = byId("subject");
  const image = subject.querySelector("img");
  if (image) URL.revokeObjectURL(image.src);
  subject.replaceChildren();
  subject.hidden = true;
  skipped = [];
  settled = 0;
}

// Reads server-sent events from an answer to a POST: EventSource can only GET, and a text does not belong into a URL.
async function* events(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    buffer += value;
    let end;
    while ((end = buffer.indexOf("\n\n")) >= 0) {
      const event = { name: "", data: "" };
      for (const line of buffer.slice(0, end).split("\n")) {
        if (line.startsWith("event: ")) event.name = line.slice(7);
        if (line.startsWith("data: ")) event.data += line.slice(6);
      }
      buffer = buffer.slice(end + 2);
      yield { name: event.name, data: JSON.parse(event.data) };
    }
  }
}

async function analyse(path, request, expected) {
  if (running) running.abort();
  const mine = new AbortController();
  running = mine;
  for (const name of expected) {
    byId("stages").append(element("article", `${NAMES[name]}: under way`, { class: "stage", "data-stage": name, "data-outcome": "waiting" }));
  }
  byId("status").textContent = "Under way.";
  try {
    const response = await fetch(path, { method: "POST", signal: mine.signal, ...request });
    if (!response.ok) {
      const answer = await response.json();
      byId("stages").replaceChildren();
      failed(answer.errors.map((error) => error.message).join(" "));
      return;
    }
    let ended = false;
    for await (const event of events(response)) {
      if (event.name === "stage") stage(event.data);
      if (event.name === "trace") { waterfall(event.data); ended = true; }
    }
    if (!ended) failed("The answer broke off.");
  } catch (error) {
    if (error.name !== "AbortError") failed("The service cannot be reached.");
  } finally {
    if (running === mine) running = null;
  }
}

function sendText() {
  const text = byId("text").value;
  clear();
  asked = { text };
  const names = ["sentiment", "moderation", "entities", "topics", "keywords", "summary", "language", "embedding"];
  const flags = Object.fromEntries(names.map((name) => ["include" + name[0].toUpperCase() + name.slice(1), true]));
  analyse("/events/text", { headers: { "Content-Type": "application/json" }, body: JSON.stringify({ text, ...flags }) }, names);
}

function sendImage(file) {
  clear();
  if (!file) { failed("Choose a picture first."); return; }
  const image = element("img", null, { alt: "The picture you gave", src: URL.createObjectURL(file) });
  image.addEventListener("error", () => { byId("subject").hidden = true; });
  byId("subject").append(image);
  byId("subject").hidden = false;
  const form = new FormData();
  form.append("image", file);
  analyse("/events/image", { body: form }, ["classification", "moderation", "text"]);
}

byId("text-form").addEventListener("submit", (event) => { event.preventDefault(); sendText(); });
byId("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); sendText(); }
});
byId("image-form").addEventListener("submit", (event) => { event.preventDefault(); sendImage(byId("image").files[0]); });
document.addEventListener("dragover", (event) => { event.preventDefault(); document.body.classList.add("dropping"); });
document.addEventListener("dragleave", () => document.body.classList.remove("dropping"));
document.addEventListener("drop", (event) => {
  event.preventDefault();
  document.body.classList.remove("dropping");
  if (event.dataTransfer.files.length) sendImage(event.dataTransfer.files[0]);
});
