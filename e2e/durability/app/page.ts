/** The page of the proofs: what tests call in it. */
import { crashSuite, type CrashOptions, type CrashReport } from "./crash-suite.ts";
import { watchMarathon, type MarathonEnd, type MarathonNews } from "./marathon.ts";
import { storageProofs, type StorageNews } from "./storage.ts";
import { readKept, runInTab, type KeptRun, type TabNews } from "./tabs.ts";

declare global {
  interface Window {
    /** Called by tests, with data that crosses to the page. */
    proofs: typeof proofs;
    /** Given by the tests. */
    tellProgress: (points: number, differences: number, found: readonly string[]) => void;
    tellMarathon: (news: MarathonNews) => void;
    tellTab: (news: TabNews) => void;
    tellStorage: (news: StorageNews) => void;
  }
}

const proofs = {
  crash: (options: Omit<CrashOptions, "progress">): Promise<CrashReport> =>
    crashSuite({ ...options, progress: (...news) => window.tellProgress(...news) }),

  marathon: (options: { laps: number; after: number }): Promise<MarathonEnd> =>
    watchMarathon(options, (news) => window.tellMarathon(news)),

  tab: (name: string): Promise<never> => runInTab(name, (news) => window.tellTab(news)),

  storage: storageProofs,

  kept: (runIds: readonly string[]): Promise<KeptRun[]> => readKept(runIds),
};

window.proofs = proofs;
