// #region embed
import { connect } from "tickwork/client";
import { Inspector } from "tickwork/inspector";
import "tickwork/inspector.css";
import type { workflows } from "./in-a-worker.worker";

const engine = connect<typeof workflows>(
  () => new Worker(new URL("./in-a-worker.worker.ts", import.meta.url), { type: "module" }),
);

export const Runs = () => (
  <div className="page">
    <Inspector source={engine} />
  </div>
);
// #endregion
