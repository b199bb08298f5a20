// SPDX-License-Identifier: Apache-2.0

/** Saves rows as a file of comma-separated values. What a spreadsheet would take for a formula is made text. */
export function saveCsv(name: string, rows: readonly (readonly string[])[]): void {
  const cell = (text: string) => {
    const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
  };
  const address = URL.createObjectURL(new Blob([rows.map((row) => row.map(cell).join(",") + "\r\n").join("")], { type: "text/csv" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // After the browser has taken it up.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
