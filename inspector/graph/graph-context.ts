/** The one arrow drawing all edges share; its id must not clash between two inspectors in a page. */
import { createContext } from "react";

export const ArrowContext = createContext("tw-arrow");
