import { Menu } from "@base-ui/react";
import { CheckSquare, SquareArrowOutUpRight } from "lucide-react";
import { useContext } from "react";
import { PortalContext, useModel } from "../ui/model-context.ts";
import { RunMenuItems } from "./RunMenuItems.tsx";

/** Of which run, and where on the screen it was asked for. */
export interface RunMenuPlace {
  readonly runId: string;
  readonly at: DOMRect;
}

interface RunMenuProps {
  readonly place: RunMenuPlace | null;
  readonly onClose: () => void;
  /** Where the focus goes when it is closed: the row. */
  readonly rowOf: (runId: string) => HTMLElement | null;
}

/** One menu for all rows: a thousand of them would cost more than the rows. */
export default function RunMenu({ place, onClose, rowOf }: RunMenuProps) {
  const { navigation, picker } = useModel();
  const container = useContext(PortalContext);
  return (
    <Menu.Root
      modal={false}
      open={place !== null}
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
    >
      <Menu.Portal container={container}>
        <Menu.Positioner
          anchor={place === null ? null : { getBoundingClientRect: () => place.at }}
          align="start"
          className="tw-menu-place"
        >
          <Menu.Popup
            className="tw-menu"
            aria-label="Commands for this run"
            finalFocus={() => (place === null ? true : (rowOf(place.runId) ?? true))}
          >
            {place !== null && (
              <>
                <Menu.Item className="tw-menu-item" onClick={() => navigation.openRun(place.runId)}>
                  <SquareArrowOutUpRight size={13} aria-hidden="true" /> Open run
                </Menu.Item>
                <Menu.Item className="tw-menu-item" onClick={() => picker.toggle(place.runId)}>
                  <CheckSquare size={13} aria-hidden="true" /> Select <kbd>X</kbd>
                </Menu.Item>
                <Menu.Separator className="tw-menu-line" />
                <RunMenuItems runId={place.runId} />
              </>
            )}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
