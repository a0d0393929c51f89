/** A menu that is loaded after its button is there. */
import { Menu } from "@base-ui/react";
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { createEngine, MemoryJournal, SimulatedClock } from "tickwork/testing";
import { afterEach, expect, test, vi } from "vitest";
import { createInspectorModel } from "../../inspector/store/inspector-model.ts";
import type { LateMenuProps } from "../../inspector/ui/LateMenu.tsx";
import { late, LateMenu } from "../../inspector/ui/LateMenu.tsx";
import { ModelContext } from "../../inspector/ui/model-context.ts";

function Fruit({ trigger, fruit }: LateMenuProps & { readonly fruit: string }) {
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger render={trigger} />
      <Menu.Portal>
        <Menu.Positioner>
          <Menu.Popup>
            <Menu.Item>{fruit}</Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

/** `load` stands for the network: it is there when the test says so. */
async function open() {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  const engine = await createEngine({}, { journal: new MemoryJournal(), clock: new SimulatedClock() });
  const model = createInspectorModel(engine);
  let arrive: (came: boolean) => void = () => undefined;
  const load = vi.fn(
    () =>
      new Promise<{ default: typeof Fruit }>((resolve, reject) => {
        arrive = (came) => (came ? resolve({ default: Fruit }) : reject(new TypeError("The network is away")));
      }),
  );
  const menu = late(load);
  const show = () =>
    render(
      <ModelContext value={model}>
        <LateMenu label="Fruit" menu={menu} about={{ fruit: "Quince" }} />
      </ModelContext>,
    );
  show();
  const settle = async (came: boolean): Promise<void> => {
    await act(async () => {
      arrive(came);
      await vi.advanceTimersByTimeAsync(50);
    });
  };
  const rest = () => act(() => vi.advanceTimersByTimeAsync(2_500));
  return { model, load, show, settle, rest };
}
const button = () => screen.getByRole("button", { name: "Fruit" });

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

test("it is loaded when the page rests, without a press; focus stays on the button", async () => {
  const { load, settle, rest } = await open();
  expect(load).not.toHaveBeenCalled();
  expect(button().getAttribute("aria-haspopup")).toBe("menu");
  button().focus();
  await rest();
  expect(load).toHaveBeenCalledTimes(1);
  await settle(true);
  expect(document.activeElement).toBe(button());
  expect(screen.queryByRole("menu")).toBeNull();
  fireEvent.click(button());
  expect(await screen.findByText("Quince")).toBeDefined();
});

test.each([
  ["keys", 0],
  ["the mouse", 1],
])("a press by %s before it is there opens it when it comes, and not again with the next view", async (_by, detail) => {
  const { show, settle } = await open();
  fireEvent.click(button(), { detail });
  await settle(true);
  expect(await screen.findByText("Quince")).toBeDefined();
  // With keys it begins at its first item.
  await vi.waitFor(() => expect(document.activeElement?.getAttribute("role")).toBe(detail === 0 ? "menuitem" : "menu"));
  cleanup();
  show();
  expect(screen.queryByRole("menu")).toBeNull();
  expect(button().getAttribute("aria-expanded")).toBe("false");
});

test("the button stays while it is held down, so that the click arrives", async () => {
  const { settle, rest } = await open();
  await rest();
  const held = button();
  fireEvent.pointerDown(held);
  await settle(true);
  expect(button()).toBe(held);
  fireEvent.pointerUp(held);
  fireEvent.click(held);
  await act(() => vi.advanceTimersByTimeAsync(50));
  expect(button()).not.toBe(held);
  expect(await screen.findByText("Quince")).toBeDefined();
});

test("what cannot be loaded is said to who pressed, and tried again with the next press", async () => {
  const { model, load, settle } = await open();
  fireEvent.click(button());
  await settle(false);
  expect(model.store.getState().notice?.message).toBe("The network is away");
  fireEvent.click(button());
  await settle(true);
  expect(load).toHaveBeenCalledTimes(2);
  expect(await screen.findByText("Quince")).toBeDefined();
});
