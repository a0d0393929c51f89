/** `tickwork/inspector`: the component and the types of its props. Its styles are `tickwork/inspector.css`. */
export { Inspector } from "./Inspector.tsx";
export type { InspectorProps } from "./Inspector.tsx";
export type { RenderStart, StartPanelProps } from "./inbox/StartPanel.tsx";
export type { FirstRunProps, RenderFirstRun } from "./shell/Welcome.tsx";
export type { RenderReport, ReportProps } from "./shell/MainView.tsx";
