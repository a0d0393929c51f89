/** What a step's result tick holds, read from its JSON: which may be cut, tagged, or of another version. */
import type { Json, JsonObject, TickDetail } from "tickwork/client";
import type { ErrorText } from "../source/error-text.ts";
import { toErrorText } from "../source/error-text.ts";
import { cutOf } from "./json-rows.ts";

export interface StepResult {
  readonly error: ErrorText | null;
  readonly logs: readonly LogLine[];
  readonly outputs: readonly Output[];
  /** More are in the tick than were sent. */
  readonly isCut: boolean;
}

export interface LogLine {
  readonly at: number;
  readonly message: string;
  readonly data?: Json | undefined;
}

export interface Output {
  readonly mode: string;
  readonly type: string;
  readonly data: Json | undefined;
  /** Where it stands in the tick's JSON. */
  readonly path: readonly string[];
}

export function readStepResult({ tick }: TickDetail): StepResult {
  const isTagged = member(tick, "tagged") === true;
  const root = isTagged ? (member(tick, "tick") ?? null) : tick;
  const failure = member(member(root, "outcome"), "error");
  const logs = membersOf(member(root, "logs"));
  const outputs = membersOf(member(root, "outputs"));
  return {
    error: failure === undefined ? null : toErrorText(textsOf(failure)),
    logs: logs.members.map((record) => ({
      at: Number(member(record, "at") ?? 0),
      message: textOf(member(record, "message")),
      data: member(record, "data"),
    })),
    outputs: outputs.members.map((output, index) => {
      const event = member(output, "event");
      return {
        mode: textOf(member(output, "mode")),
        type: textOf(member(event, "type")),
        data: member(event, "data"),
        path: [...(isTagged ? ["tick"] : []), "outputs", String(index), "event", "data"],
      };
    }),
    isCut: logs.isCut || outputs.isCut,
  };
}

function membersOf(list: Json | undefined): { readonly members: readonly Json[]; readonly isCut: boolean } {
  const cut = cutOf(list);
  const members = cut?.part ?? list;
  if (!Array.isArray(members)) return { members: [], isCut: false };
  return { members: members as readonly Json[], isCut: cut !== null && members.length < cut.length };
}

function member(value: Json | undefined, key: string): Json | undefined {
  const whole = cutOf(value)?.part ?? value;
  if (typeof whole !== "object" || whole === null || !Object.hasOwn(whole, key)) return undefined;
  return (whole as JsonObject)[key];
}

function textsOf(error: Json): { [key: string]: string } {
  const texts: { [key: string]: string } = {};
  for (const key of ["name", "message", "code", "stack"]) {
    const value = member(error, key);
    if (value !== undefined) texts[key] = textOf(value);
  }
  return texts;
}

function textOf(value: Json | undefined): string {
  const text = cutOf(value)?.part ?? value;
  return typeof text === "string" ? text : "";
}
