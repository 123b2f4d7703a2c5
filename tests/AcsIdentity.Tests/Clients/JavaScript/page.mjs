// Opens the emulator's page in headless Chromium, and uses it like a person while a client makes calls. Prints what it saw
// as JSON. Waits for elements, never for a fixed time.
// Usage: node page.mjs <connection string> <path of Chromium>
import { CommunicationIdentityClient } from "@azure/communication-identity";
import { chromium } from "playwright-core";

const [connectionString, executablePath] = process.argv.slice(2);
const url = /endpoint=([^;]*)/.exec(connectionString)[1];
const client = new CommunicationIdentityClient(connectionString, { allowInsecureConnection: true });
const browser = await chromium.launch({ executablePath });
const origins = new Set();
const seen = { dialogs: [], problems: [] };

async function open(options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.on("request", request => origins.add(new URL(request.url()).origin));
  page.on("dialog", dialog => {
    seen.dialogs.push(dialog.message());
    return dialog.dismiss();
  });
  page.on("pageerror", error => seen.problems.push(error.message));
  await page.goto(url);
  return page;
}

const rowsOf = (page, id) => page.locator("#identities tbody", { hasText: id });
const button = (page, name) => page.getByRole("button", { name });

try {
  const page = await open();
  await page.evaluate(() => { window.marker = "not reloaded"; });

  // A new identity appears without a reload.
  const first = await client.createUserAndToken(["chat"]);
  const firstId = first.user.communicationUserId;
  await rowsOf(page, firstId).waitFor();
  seen.marker = await page.evaluate(() => window.marker);
  seen.states = await rowsOf(page, firstId).locator("td.good").allTextContents();

  // Ids are on one line, and requests beside identities if there is room, else below.
  const lines = () => page.evaluate(() => [...document.querySelectorAll("#identities th code:first-of-type, #assignments code")].map(code => code.getClientRects().length));
  const edges = async () => {
    const [identities, requests] = await Promise.all(["#identities", "#requests"].map(section => page.locator(section).boundingBox()));
    return requests.x >= identities.x + identities.width ? "beside" : requests.y >= identities.y + identities.height ? "below" : "overlapping";
  };
  seen.assigned = await page.locator("#assignments code").allTextContents();
  seen.layout = [];
  for (const width of [1400, 600]) {
    await page.setViewportSize({ width, height: 900 });
    seen.layout.push(`${width}: ${await edges()}, lines of an id: ${Math.max(...await lines())}`);
  }
  await page.setViewportSize({ width: 1400, height: 900 });

  // The copy button, with the Clipboard API and, as at an address without it, with a selection.
  seen.copied = [];
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await button(page, `Copy ${firstId}`).click();
  await page.getByText(`Copied ${firstId}`).waitFor();
  seen.copied.push(await page.evaluate(() => navigator.clipboard.readText()));
  await page.evaluate(() => navigator.clipboard.writeText(""));
  await page.evaluate(() => {
    window.clipboard = navigator.clipboard;
    Object.defineProperty(navigator, "clipboard", { value: undefined, configurable: true });
  });
  await page.getByText(`Copied ${firstId}`).waitFor({ state: "detached" });
  await button(page, `Copy ${firstId}`).click();
  await page.getByText(`Copied ${firstId}`).waitFor();
  seen.copied.push(await page.evaluate(() => window.clipboard.readText()));
  await page.mouse.move(0, 0);

  // A button that was clicked does not hold up the list.
  const other = await client.createUser();
  await rowsOf(page, other.communicationUserId).waitFor();

  // The filter hides the other rows, also after a refresh, and lasts when a button loads the page again.
  const filter = page.getByLabel("Filter");
  const shown = rows => page.locator(`${rows}:not([hidden])`).count();
  await filter.fill(firstId.toUpperCase());
  seen.filtered = [await page.locator("#matches").innerText()];
  const requestCount = await page.locator("#requests tbody tr").count();
  await client.getToken({ communicationUserId: firstId }, ["voip"]);
  await page.waitForFunction(before => document.querySelectorAll("#requests tbody tr").length > before, requestCount);
  await page.locator("#matches", { hasText: "requests: 1" }).waitFor();
  seen.filtered.push(await page.locator("#matches").innerText(), await rowsOf(page, other.communicationUserId).isVisible());
  await button(page, `Revoke the tokens of ${firstId}`).click();
  await rowsOf(page, firstId).getByText("revoked").first().waitFor();
  seen.filtered.push(await filter.inputValue(), await shown("#identities tbody"));
  await filter.fill("");
  await rowsOf(page, other.communicationUserId).waitFor();
  await client.deleteUser(other);
  await rowsOf(page, other.communicationUserId).waitFor({ state: "detached" });

  // HTML from a client, in rows that the script has added.
  seen.texts = await page.locator("code", { hasText: "<" }).allTextContents();
  seen.elements = await page.locator("main img, main script").count();

  // Rows under the pointer do not change, while the rest of the page is updated.
  await button(page, `Delete ${firstId}`).hover();
  const second = await client.createUserAndToken(["voip"]);
  const secondId = second.user.communicationUserId;
  const requests = page.locator("#requests tbody tr");
  const count = await requests.count();
  await client.revokeTokens(second.user);
  await page.waitForFunction(before => document.querySelectorAll("#requests tbody tr").length > before, count);
  seen.rowsUnderPointer = await rowsOf(page, secondId).count();
  await page.mouse.move(0, 0);
  await rowsOf(page, secondId).waitFor();

  // The buttons.
  await button(page, `Revoke the tokens of ${firstId}`).click();
  await rowsOf(page, firstId).getByText("revoked").first().waitFor();
  await button(page, `Delete ${secondId}`).click();
  await rowsOf(page, secondId).waitFor({ state: "detached" });

  // The emulator cannot be reached, and then it can again.
  await page.context().setOffline(true);
  await page.getByRole("alert").waitFor();
  await page.context().setOffline(false);
  await page.getByRole("alert").waitFor({ state: "hidden" });

  // Without JavaScript.
  const plain = await open({ javaScriptEnabled: false });
  seen.plainText = await rowsOf(plain, firstId).innerText();
  seen.plainControls = await plain.locator(".scripted:visible").count();
  const third = (await client.createUser()).communicationUserId;
  await plain.reload();
  await button(plain, `Delete ${third}`).click();
  await rowsOf(plain, third).waitFor({ state: "detached" });

  Object.assign(seen, { firstId, firstToken: first.token, secondToken: second.token, origins: [...origins] });
} finally {
  await browser.close();
}

console.log(JSON.stringify(seen));
