// Refreshes the page: fetches it every second and replaces the sections that have changed.
// Values from clients stay text: the server encodes them, and DOMParser runs no scripts.
"use strict";

async function refresh() {
  let responds = true;
  try {
    const response = await fetch("/");
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    for (const section of document.querySelectorAll("section")) {
      const fresh = page.getElementById(section.id);
      // Does not replace a section while the pointer is on one of its buttons or a button has the focus.
      if (!section.querySelector("button:hover, button:focus") && !section.isEqualNode(fresh)) {
        section.replaceChildren(...fresh.childNodes);
      }
    }
  } catch {
    responds = false;
  }
  document.getElementById("lost").hidden = responds;
  setTimeout(refresh, 1000);
}

refresh();
