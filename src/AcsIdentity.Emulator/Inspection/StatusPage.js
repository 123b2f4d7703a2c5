// Refreshes the page: fetches it every second and replaces the sections that have changed. Also filters rows and copies ids.
// Values from clients stay text: the server encodes them, and DOMParser runs no scripts.
"use strict";

const filter = document.getElementById("filter");

async function refresh() {
  let responds = true;
  try {
    const response = await fetch("/");
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    hideRows(page);
    for (const section of document.querySelectorAll("section")) {
      const fresh = page.getElementById(section.id);
      // Does not replace a section while the pointer is on one of its buttons or the keyboard has chosen one.
      if (!section.querySelector("button:hover, button:focus-visible") && !section.isEqualNode(fresh)) {
        section.replaceChildren(...fresh.childNodes);
      }
    }
    countRows();
  } catch {
    responds = false;
  }
  document.getElementById("lost").hidden = responds;
  setTimeout(refresh, 1000);
}

// Hides the identities and requests without the text of the filter. Works on a fetched page too, before it is compared.
function hideRows(page) {
  const text = filter.value.trim().toLowerCase();
  for (const row of page.querySelectorAll("#identities tbody, #requests tbody tr")) {
    const content = row.textContent.toLowerCase();
    // Request targets have ids in their encoded form.
    row.hidden = !content.includes(text) && !content.replaceAll("%3a", ":").includes(text);
  }
}

function countRows() {
  const count = rows => document.querySelectorAll(rows + ":not([hidden])").length;
  const text = filter.value.trim() && `Identities: ${count("#identities tbody")}, requests: ${count("#requests tbody tr")}`;
  const matches = document.getElementById("matches");
  // A screen reader reads each change.
  if (matches.value !== text) {
    matches.value = text;
  }
}

function applyFilter() {
  hideRows(document);
  countRows();
}

// The Clipboard API exists for https and localhost only. For other addresses, the older way copies a selection.
async function copy(code) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(code.textContent);
  } else {
    getSelection().selectAllChildren(code);
    document.execCommand("copy");
  }
  const copied = document.getElementById("copied");
  copied.textContent = `Copied ${code.textContent}`;
  clearTimeout(copy.timer);
  copy.timer = setTimeout(() => { copied.textContent = ""; }, 3000);
}

document.addEventListener("click", event => {
  const button = event.target.closest(".copy");
  if (button) {
    copy(button.parentElement.querySelector("code"));
  }
});

// The buttons of an identity load the page again.
filter.value = sessionStorage.getItem("filter") ?? "";
filter.addEventListener("input", () => {
  sessionStorage.setItem("filter", filter.value);
  applyFilter();
});

document.documentElement.classList.add("script");
applyFilter();
refresh();
