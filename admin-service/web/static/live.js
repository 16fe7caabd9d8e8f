"use strict";
// Pages that show what waits are kept as things are: a stream says when something else is so, and then the parts of the
// page that differ are taken from the server's newest. What somebody has ticked, typed, unfolded or focused stays.
// Before app.js, which writes times anew.

const POLL_MS = 30000;  // Where there is no stream, by too many of them or an old engine.

function watch(line) {
  const known = new Map();  // What the server last said of each part and row, by id.
  let source = null, timer = 0, isAsking = false, isToAskAgain = false, isOver = false;
  let digest = line.dataset.digest;

  function remember(root) {
    for (const one of root.querySelectorAll("[data-part], [data-part] tr[id]")) known.set(one.id, one.outerHTML);
  }

  function open() {
    clearTimeout(timer);
    if (document.hidden || source || isOver) return;
    source = new EventSource(line.dataset.events);
    source.addEventListener("message", (event) => event.data !== digest && refresh());
    source.addEventListener("error", () => {
      if (source?.readyState !== EventSource.CLOSED) return;  // Or the browser tries again.
      close();
      refresh();
      timer = setTimeout(open, POLL_MS);
    });
  }

  // A page that nobody sees takes no connection: browsers have few for one server.
  function close() {
    clearTimeout(timer);
    source?.close();
    source = null;
  }

  function end(...words) {
    isOver = true;
    close();
    line.replaceChildren(...words);
  }

  async function refresh() {
    isToAskAgain = isAsking;
    if (isAsking || isOver) return;
    isAsking = true;
    const [answer, html] = await fetchPage(line.dataset.page);
    isAsking = false;
    if (answer && new URL(answer.url).pathname === "/login") {
      const link = document.createElement("a");
      link.href = answer.url;
      link.textContent = "Log in again";
      end("You are no longer logged in. ", link, ".");
    } else if (answer?.ok) {
      show(new DOMParser().parseFromString(html, "text/html"));
    }
    if (isToAskAgain) refresh();
  }

  function show(page) {
    const fresh = page.querySelector("[data-events]");
    const before = new Set([...document.querySelectorAll("[data-part] tr[id]")].map((row) => row.id));
    const anchor = scrollAnchor();
    const focus = document.activeElement;
    const focused = focus.closest("[data-part]") && nameOf(focus);
    let isKept = false, hasChanged = false;
    for (const part of document.querySelectorAll("[data-part]")) {
      const now = page.getElementById(part.id);
      if (!now || known.get(part.id) === now.outerHTML) continue;
      hasChanged = true;
      if (part.tagName === "TBODY") takeRows(part, now);
      else if (isTyped(part) && now.querySelector("form")) isKept = true;
      else takePart(part, now);
    }
    if (focused && document.activeElement !== focus) findNamed(focused)?.focus({preventScroll: true});
    anchor?.();
    remember(page);
    if (!fresh) return end(hasChanged ? "This has changed." : "");
    digest = fresh.dataset.digest;
    const count = [...document.querySelectorAll("[data-part] tr[id]")].filter((row) => !before.has(row.id)).length;
    if (isKept) line.textContent = "This has changed. Reload the page to see all of it; what you typed is not sent.";
    else if (count) line.textContent = count === 1 ? "1 new request." : `${count} new requests.`;
    else if (hasChanged) line.textContent = `As of ${new Date().toLocaleTimeString()}.`;
  }

  function takeRows(part, now) {
    const rows = [...now.children].map((row) => {
      const shown = document.getElementById(row.id);
      if (shown && known.get(row.id) === row.outerHTML) return shown;
      const tick = row.querySelector("input[type=checkbox]");
      if (tick && shown) tick.checked = shown.querySelector("input[type=checkbox]")?.checked ?? false;
      return adopt(row);
    });
    part.replaceChildren(...rows);
  }

  function takePart(part, now) {
    const unfolded = new Set([...part.querySelectorAll("details[open]")].map((one) => one.textContent.slice(0, 80)));
    const nodes = [...now.childNodes].map((node) => adopt(node));
    part.replaceChildren(...nodes);
    for (const one of part.querySelectorAll("details")) one.open ||= unfolded.has(one.textContent.slice(0, 80));
  }

  remember(document);
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  open();
}

// Nothing while the server is away: the stream, or the next poll, tells when it is back.
async function fetchPage(where) {
  try {
    const answer = await fetch(where, {headers: {"Certifier-Watching": "yes"}});
    return [answer, await answer.text()];
  } catch {
    return [];
  }
}

function adopt(node) {
  const copy = document.importNode(node, true);
  if (copy.nodeType === Node.ELEMENT_NODE) enrich(copy);
  return copy;
}

function isTyped(part) {
  return [...part.querySelectorAll("input, textarea")].some(
      (field) => field.value !== field.defaultValue || field.checked !== field.defaultChecked) ||
    [...part.querySelectorAll("select")].some(
        (field) => field.selectedIndex !== Math.max(0, [...field.options].findIndex((one) => one.defaultSelected)));
}

// How something that can be focused is found again once it was replaced.
function nameOf(one) {
  return [one.tagName, one.name ?? "", one.tagName === "INPUT" ? one.defaultValue : one.getAttribute("href") ?? ""].join();
}

function findNamed(name) {
  return [...document.querySelectorAll("[data-part] :is(a, button, input, textarea, select, summary)")].find(
      (one) => nameOf(one) === name);
}

// Once the page was scrolled, the first row in sight stays where it is.
function scrollAnchor() {
  if (window.scrollY === 0) return null;
  const row = [...document.querySelectorAll("[data-part] tr[id]")].find((one) => one.getBoundingClientRect().bottom > 0);
  if (!row) return null;
  const {top} = row.getBoundingClientRect();
  return () => {
    const now = document.getElementById(row.id);
    if (now) window.scrollBy(0, now.getBoundingClientRect().top - top);
  };
}

document.querySelectorAll("[data-events]").forEach(watch);
