// #region tab
import { connectToTab, listEngines } from "tickwork/client";

const [database] = await listEngines(); // of tabs of this origin that are open
export const engine = connectToTab(database ?? "my-app");
// #endregion
