import { useModel } from "../ui/model-context.ts";
import { ModalDialog } from "../ui/ModalDialog.tsx";
import { SHORTCUTS } from "./shortcuts.ts";

export default function ShortcutsDialog() {
  const { navigation, store } = useModel();
  const shown = SHORTCUTS.filter(({ isOffered }) => isOffered?.(store.getState()) ?? true);
  return (
    <ModalDialog
      title="Keyboard shortcuts"
      description="None of them act while you type."
      onClose={() => navigation.openDialog(null)}
    >
      <dl className="tw-shortcuts">
        {shown.map(({ keys, does }) => (
          <div key={does}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </ModalDialog>
  );
}
