import { Menu } from "@base-ui/react";
import { Copy, FileImage, Image } from "lucide-react";
import { useContext } from "react";
import type { WorkflowGraph } from "tickwork/client";
import { toErrorText } from "../source/error-text.ts";
import type { LateMenuProps } from "../ui/LateMenu.tsx";
import { PortalContext, useModel } from "../ui/model-context.ts";
import type { Direction } from "./layout.ts";
import type { Flow } from "./to-flow.ts";

const DIRECTION_WORDS: { readonly [direction in Direction]: string } = {
  across: "Left to right",
  down: "Top to bottom",
  folded: "In columns",
};

export interface AboutGraph {
  readonly graph: WorkflowGraph | null;
  readonly flow: Flow | null;
  readonly directions: readonly Direction[];
  readonly onTurn: (direction: Direction) => void;
}

/** Other layouts of the graph, and ways to take it along. What these need is loaded when it is asked for. */
export default function GraphMenu({ trigger, graph, flow, directions, onTurn }: AboutGraph & LateMenuProps) {
  const { store } = useModel();
  const container = useContext(PortalContext);

  const doing = (work: () => Promise<string>) => (): void => {
    work().then(
      (announcement) => store.setState({ announcement }),
      (error: unknown) => store.setState({ notice: toErrorText(error) }),
    );
  };
  const save = (form: "svg" | "png") =>
    doing(async () => {
      const state = store.getState();
      if (flow === null || container === null) throw new Error("The graph is not laid out yet.");
      const { savePicture } = await import("./save-picture.ts");
      await savePicture(form, { flow, status: state.graph, name: state.description?.name ?? "graph", container });
      return `The graph was saved as ${form.toUpperCase()}.`;
    });
  const copyMermaid = doing(async () => {
    if (graph === null) throw new Error("The graph is not there yet.");
    const { toMermaid } = await import("tickwork");
    await navigator.clipboard.writeText(toMermaid(graph));
    return "The graph was copied as Mermaid text.";
  });
  return (
    <Menu.Root modal={false}>
      <Menu.Trigger render={trigger} />
      <Menu.Portal container={container}>
        <Menu.Positioner sideOffset={6} align="end" className="tw-menu-place">
          <Menu.Popup className="tw-menu">
            {flow !== null && directions.length > 1 && (
              <>
                <Menu.RadioGroup
                  value={flow.layout.direction}
                  onValueChange={(direction: Direction) => onTurn(direction)}
                  aria-label="Layout"
                >
                  {directions.map((direction) => (
                    <Menu.RadioItem key={direction} value={direction} className="tw-menu-item" closeOnClick>
                      {DIRECTION_WORDS[direction]}
                    </Menu.RadioItem>
                  ))}
                </Menu.RadioGroup>
                <Menu.Separator className="tw-menu-line" />
              </>
            )}
            <Menu.Item className="tw-menu-item" onClick={save("svg")} disabled={flow === null}>
              <FileImage size={14} aria-hidden="true" /> Save as SVG
            </Menu.Item>
            <Menu.Item className="tw-menu-item" onClick={save("png")} disabled={flow === null}>
              <Image size={14} aria-hidden="true" /> Save as PNG
            </Menu.Item>
            <Menu.Item className="tw-menu-item" onClick={copyMermaid}>
              <Copy size={14} aria-hidden="true" /> Copy as Mermaid
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
