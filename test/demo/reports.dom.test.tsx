import { cleanup, render, screen, within } from "@testing-library/react";
import { fireEvent } from "@testing-library/react";
import axe from "axe-core";
import { afterEach, expect, test } from "vitest";
import { CsvReport } from "../../inspector/demo/CsvReport.tsx";
import { profileCsv } from "../../inspector/demo/csv-direct.ts";
import { SiteReport } from "../../inspector/demo/SiteReport.tsx";
import type { SiteCheckReport } from "../../inspector/demo/site-report.ts";

afterEach(cleanup);

const csv = profileCsv("id,price,when\n1,10,2020-01-01\n2,free,2020-01-02\n3, 12,NA\n\n4\n", {
  name: "prices.csv",
  decisions: { price: "number" },
});

const site: SiteCheckReport = {
  origin: "https://example.org",
  slowMs: 500,
  ok: 1,
  slow: 1,
  broken: 1,
  pages: [
    page({ url: "https://example.org/", ms: 20 }),
    page({ url: "https://example.org/slow", verdict: "slow", ms: 900 }),
    page({ url: "https://example.org/gone", verdict: "broken", status: 404, problem: "The server answered 404" }),
  ],
};

function page(change: Partial<SiteCheckReport["pages"][number]>): SiteCheckReport["pages"][number] {
  return {
    url: "",
    verdict: "ok",
    status: 200,
    ms: 10,
    bytes: 5,
    redirectedTo: null,
    attempts: 1,
    problem: null,
    ...change,
  };
}

test("a CSV report names the file, its rows and what is irregular about it", () => {
  render(<CsvReport result={csv} />);
  expect(screen.getByRole("heading", { name: "prices.csv" })).toBeTruthy();
  expect(screen.getByText(/^4 rows · 3 columns/)).toBeTruthy();
  expect(screen.getByText(/1 row too short/)).toBeTruthy();
  expect(screen.getByText(/1 blank line skipped/)).toBeTruthy();
});

test("a row per column says type, decision, distribution and oddities", () => {
  render(<CsvReport result={csv} />);
  const row = screen.getByRole("row", { name: /^price/ });
  expect(within(row).getByText("whole number")).toBeTruthy();
  expect(within(row).getByText("as answered")).toBeTruthy();
  expect(within(row).getByText("1 misfit")).toBeTruthy();
  expect(within(row).getByText("1 padded")).toBeTruthy();
  expect(within(row).getByRole("img", { name: /from 10 to 12/ })).toBeTruthy();
});

test("a column opens to its details and closes again", () => {
  render(<CsvReport result={csv} />);
  const button = screen.getByRole("button", { name: "price" });
  expect(screen.queryByText(/cannot be read as this type/)).toBeNull();
  fireEvent.click(button);
  expect(button.getAttribute("aria-expanded")).toBe("true");
  expect(screen.getByText("1 cell cannot be read as this type, such as “free”.")).toBeTruthy();
  fireEvent.click(button);
  expect(screen.queryByText(/cannot be read as this type/)).toBeNull();
});

test("cells of a file are text, never markup", () => {
  const hostile = "<img src=x onerror=alert(1)>";
  const { container } = render(<CsvReport result={profileCsv(`"${hostile}"\n"${hostile}"\n"${hostile}"\n`)} />);
  fireEvent.click(screen.getByRole("button", { name: hostile }));
  expect(container.querySelector("img")).toBeNull();
  expect(screen.getAllByText(hostile).length).toBeGreaterThan(1);
});

test("a site report lists the worst first", () => {
  render(<SiteReport result={site} />);
  const paths = screen.getAllByRole("rowheader").map((cell) => cell.textContent);
  expect(paths).toEqual(["/gone", "/slow", "/"]);
  expect(screen.getByText("3 addresses · 1 fine · 1 slower than 500 ms · 1 broken")).toBeTruthy();
});

test.each([
  ["csv", <CsvReport result={{ file: 1 }} />],
  ["site", <SiteReport result={null} />],
])("a result of another shape is said to be one (%s)", (_, view) => {
  render(view);
  expect(screen.getByRole("status").textContent).toMatch(/cannot be drawn as a report/);
});

test.each([
  ["csv", <CsvReport result={csv} />],
  ["site", <SiteReport result={site} />],
])("reports have no accessibility faults (%s)", async (_, view) => {
  const { container } = render(view);
  const { violations } = await axe.run(container, { rules: { "color-contrast": { enabled: false } } });
  expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
});
