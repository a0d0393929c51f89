import "fake-indexeddb/auto";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { getFile } from "../../inspector/demo/files.ts";
import { demo, isDemoName } from "../../inspector/demo/demos.tsx";

afterEach(cleanup);

const { "csv-profile": csv, thumbnails, "site-check": site } = demo;
const fileInput = (name: RegExp): HTMLInputElement => screen.getByLabelText(name);

test("a chosen CSV file is stored and starts a run with its id", async () => {
  const onStart = vi.fn();
  render(<csv.StartPanel onStart={onStart} />);
  fireEvent.change(fileInput(/Drop a CSV file/), { target: { files: [new File(["a,b\n"], "data.csv")] } });
  await waitFor(() => expect(onStart).toHaveBeenCalledOnce());
  const [name, { fileId }] = onStart.mock.calls[0]!;
  expect(name).toBe("csv-profile");
  expect(await getFile(fileId)).toMatchObject({ name: "data.csv", bytes: 4 });
});

test("dropped images are stored in order and start one run", async () => {
  const onStart = vi.fn();
  render(<thumbnails.StartPanel onStart={onStart} />);
  const files = [new File(["1"], "one.png"), new File(["2"], "two.png")];
  fireEvent.drop(fileInput(/Drop images/), { dataTransfer: { files } });
  await waitFor(() => expect(onStart).toHaveBeenCalledOnce());
  const [name, { images }] = onStart.mock.calls[0]!;
  expect(name).toBe("thumbnails");
  expect(images.map((image: { name: string }) => image.name)).toEqual(["one.png", "two.png"]);
});

test("a run that cannot start says why, and the panel can be used again", async () => {
  const onStart = vi.fn().mockRejectedValueOnce(new Error("The engine is closed."));
  render(<csv.StartPanel onStart={onStart} />);
  const choose = (): unknown =>
    fireEvent.change(fileInput(/Drop a CSV file/), { target: { files: [new File(["a"], "data.csv")] } });
  choose();
  await waitFor(() => expect(screen.getByRole("alert").textContent).toBe("The engine is closed."));
  choose();
  await waitFor(() => expect(onStart).toHaveBeenCalledTimes(2));
  await waitFor(() => expect(screen.queryByRole("alert")).toBeNull());
});

test("the site check starts with the addresses as edited", async () => {
  const onStart = vi.fn();
  render(<site.StartPanel onStart={onStart} />);
  fireEvent.change(screen.getByLabelText(/one a line/), { target: { value: " /a \n\n/b\n" } });
  fireEvent.change(screen.getByLabelText(/Time limit/), { target: { value: "900" } });
  fireEvent.click(screen.getByRole("button", { name: "Check 2 addresses" }));
  await waitFor(() => expect(onStart).toHaveBeenCalledOnce());
  expect(onStart).toHaveBeenCalledWith("site-check", {
    origin: location.origin,
    urls: ["/a", "/b"],
    timeoutMs: 900,
    slowMs: 500,
  });
});

test("demos are known by the names of their workflows", () => {
  expect(isDemoName("csv-profile")).toBe(true);
  expect(isDemoName("toString")).toBe(false);
});
