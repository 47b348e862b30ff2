// Beside the receipts of signed sheets: which batches this device has sent, each with the digest that proves it.
import { ready } from "./queue_status.js";

const MOST = 20;
const panel = document.querySelector("[data-batches]");

function row(receipt) {
  const line = panel.querySelector("template").content.cloneNode(true);
  const time = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai", dateStyle: "short", timeStyle: "short" });
  line.querySelector("[data-at]").textContent = time.format(new Date(receipt.at));
  line.querySelector("[data-count]").textContent = receipt.count;
  const link = line.querySelector("a");
  link.textContent = receipt.digest.slice(0, 12) + "…";
  link.href += "?digest=" + encodeURIComponent(receipt.digest);
  return line;
}

async function begin() {
  const queue = await ready;
  if (!queue) { return; }
  const found = await queue.store.receipts();
  panel.querySelector("tbody").append(...found.slice(-MOST).reverse().map(row));
  panel.hidden = found.length === 0;
}

begin();
