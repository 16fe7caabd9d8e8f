"use strict";
// What the pages can do beyond HTML. Every page works without it.

// Times are shown in the operator's zone; the title keeps them as they were recorded.
function localise(root) {
  const zoned = new Intl.DateTimeFormat(undefined, {dateStyle: "medium", timeStyle: "medium"});
  for (const time of root.querySelectorAll("time[datetime]")) {
    const when = new Date(time.dateTime);
    if (Number.isNaN(when.getTime())) continue;
    time.title = time.dateTime;
    time.textContent = zoned.format(when) + (time.hasAttribute("data-ago") ? ` (${distance(when)})` : "");
  }
}

function distance(when) {
  const words = new Intl.RelativeTimeFormat("en", {numeric: "always"});
  const seconds = (when - Date.now()) / 1000;
  for (const [unit, size] of [["day", 86400], ["hour", 3600], ["minute", 60]]) {
    if (Math.abs(seconds) >= size) return words.format(Math.trunc(seconds / size), unit);
  }
  return words.format(Math.trunc(seconds), "second");
}

// Buttons that copy what stands beside them.
function offerCopies(root) {
  for (const button of root.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
      button.textContent = "Copied";
    });
  }
}

function offerPrinting(root) {
  for (const button of root.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}

// A form with data-live is sent as one types, and the element of that id is taken from the answer. Only the newest
// answer counts, and none is shown for what has been changed meanwhile.
function enliven(form) {
  const id = form.dataset.live;
  let newest = 0;
  let timer;
  async function send() {
    const mine = ++newest;
    let fresh = null;
    try {
      const answer = await fetch(form.action, {method: "POST", body: new URLSearchParams(new FormData(form))});
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      fresh = page.getElementById(id);
    } catch {
      // The server is away: the button sends the form as it stands, and the browser says what is wrong.
    }
    if (mine !== newest) return;
    if (fresh) document.getElementById(id).replaceChildren(...fresh.childNodes);
    else form.submit();
  }
  form.addEventListener("input", () => {
    newest++;
    document.getElementById(id).replaceChildren();
    clearTimeout(timer);
    timer = setTimeout(() => form.checkValidity() && send(), 250);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    send();
  });
}

// The box above a column of boxes ticks all that its page shows. It is one of the document's, since live tables come anew.
function tickTogether() {
  document.documentElement.classList.add("scripted");
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-tick-all]")) return;
    for (const box of event.target.closest("table").querySelectorAll("tbody input[type=checkbox]")) {
      box.checked = event.target.checked;
    }
  });
}

// "/" goes to the search field, as on other pages of this kind.
function listenForShortcuts() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
    const wanted = [...document.querySelectorAll("[data-shortcut]")].find((one) => one.dataset.shortcut === event.key);
    if (!wanted) return;
    event.preventDefault();
    wanted.focus();
  });
}

function enrich(root) {
  localise(root);
  offerCopies(root);
  offerPrinting(root);
  root.querySelectorAll("form[data-live]").forEach(enliven);
}

enrich(document);
listenForShortcuts();
tickTogether();
