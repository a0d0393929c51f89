import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { run } from "tickwork";
import { afterEach, expect, test } from "vitest";
import { siteCheck } from "../../inspector/demo/site-check.ts";

let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function serve(listener: RequestListener): Promise<string> {
  const started = createServer(listener);
  server = started;
  await new Promise<void>((resolve) => started.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
}

test("the report tells fine, redirected, missing, soft-missing and flaky addresses apart, in the order asked", async () => {
  const calls = new Map<string, number>();
  const origin = await serve((request, response) => {
    const path = request.url ?? "/";
    calls.set(path, (calls.get(path) ?? 0) + 1);
    if (path === "/moved") return response.writeHead(302, { location: "/" }).end();
    if (path === "/gone") return response.writeHead(404).end("gone");
    if (path === "/flaky" && calls.get(path) === 1) return response.writeHead(503).end();
    if (path === "/app.js") return response.writeHead(200, { "content-type": "text/html" }).end("<p>");
    return response.writeHead(200, { "content-type": "text/plain" }).end("hello");
  });
  const urls = ["/", "/moved", "/gone", "/flaky", "/app.js", `${origin}/`];
  const report = await run(siteCheck, { origin, urls, slowMs: 20_000 }).result();

  expect(report).toMatchObject({ origin, ok: 3, slow: 0, broken: 2 });
  expect(
    report.pages.map(({ url, verdict, status, attempts }) => [url.slice(origin.length), verdict, status, attempts]),
  ).toEqual([
    ["/", "ok", 200, 1],
    ["/moved", "ok", 200, 1],
    ["/gone", "broken", 404, 1],
    ["/flaky", "ok", 200, 2],
    ["/app.js", "broken", 200, 1],
  ]);
  expect(report.pages[0]).toMatchObject({ bytes: 5, redirectedTo: null, problem: null });
  expect(report.pages[1]?.redirectedTo).toBe(`${origin}/`);
  expect(report.pages[2]?.problem).toBe("The server answered 404 Not Found");
  expect(report.pages[4]?.problem).toMatch(/web page came instead of a \.js file/);
});

test(
  "an address that does not answer in time is broken after four attempts, and ends nothing else",
  { timeout: 20_000 },
  async () => {
    const origin = await serve((request, response) => {
      if (request.url !== "/never") response.end("ok");
    });
    const report = await run(siteCheck, { origin, urls: ["/never", "/"], timeoutMs: 60 }).result();
    expect(report.pages[0]).toMatchObject({
      verdict: "broken",
      status: null,
      attempts: 4,
      problem: "No answer within 60 ms.",
    });
    expect(report.pages[1]?.verdict).toBe("ok");
  },
);

test("four addresses are fetched at a time", async () => {
  let open = 0;
  let most = 0;
  const origin = await serve((_, response) => {
    open += 1;
    most = Math.max(most, open);
    setTimeout(() => {
      open -= 1;
      response.end();
    }, 30);
  });
  await run(siteCheck, { origin, urls: Array.from({ length: 12 }, (_, index) => `/${index}`) }).result();
  expect(most).toBe(4);
});

test("addresses of other sites are refused before anything is fetched", async () => {
  let calls = 0;
  const origin = await serve((_, response) => {
    calls += 1;
    response.end();
  });
  const urls = ["/", "https://example.org/a", "//example.org/b", "data:text/plain,x", "http://"];
  const failure = run(siteCheck, { origin, urls }).result();
  await expect(failure).rejects.toMatchObject({ name: "OtherOriginError", code: "OTHER_ORIGIN" });
  await expect(failure).rejects.toThrow(/https:\/\/example\.org\/a, .* and 1 more\. Take them off the list/);
  expect(calls).toBe(0);
});
