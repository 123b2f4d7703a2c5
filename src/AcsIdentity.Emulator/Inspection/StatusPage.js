// Keeps the page up to date: fetches it anew each second and takes over the sections that differ.
// What a client sent is text in the page that comes, encoded by the server, and stays text: the parser runs no script.
"use strict";

async function refresh() {
  let answers = true;
  try {
    const answer = await fetch("/");
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const section of document.querySelectorAll("section")) {
      const fresh = page.getElementById(section.id);
      // No row moves away from under a pointer that is about to click, and no button loses the focus.
      if (!section.querySelector("button:hover, button:focus") && !section.isEqualNode(fresh)) {
        section.replaceChildren(...fresh.childNodes);
      }
    }
  } catch {
    answers = false;
  }
  document.getElementById("lost").hidden = answers;
  setTimeout(refresh, 1000);
}

refresh();
