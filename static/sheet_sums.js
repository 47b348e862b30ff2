// Sums of a sheet in exact fractions, as the server counts them.
export function fraction(text) {
  const found = /^(-?)(\d*)(?:\.(\d*))?(?:\/(\d+))?$/.exec(text);
  if (!found || !(found[2] || found[3])) { return null; }
  const digits = found[3] || "";
  const above = BigInt(found[2] + digits);
  return [found[1] ? -above : above, BigInt("1" + "0".repeat(digits.length)) * BigInt(found[4] || 1)];
}

export function added(one, other) {
  return [one[0] * other[1] + other[0] * one[1], one[1] * other[1]];
}

export function rounded(sum, digits, rounding) {
  let above = sum[0] * BigInt("1" + "0".repeat(digits));
  const minus = above < 0n;
  if (minus) { above = -above; }
  let whole = above / sum[1];
  const rest = above % sum[1];
  const nearest = 2n * rest > sum[1] || 2n * rest === sum[1] && (rounding === "half_up" || whole % 2n);
  if (rounding === "up" ? rest > 0n : rounding !== "down" && nearest) { whole += 1n; }
  const figures = whole.toString().padStart(digits + 1, "0");
  const cut = figures.length - digits;
  return (minus && whole ? "-" : "") + figures.slice(0, cut) + (digits ? "." + figures.slice(cut) : "");
}
