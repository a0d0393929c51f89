/**
 * Zod compiles checks with `new Function` where it can, and trying that already breaks a strict Content-Security-Policy.
 * The setting must be in force before any schema is made, so this module is the first import of an entry.
 */
import { z } from "zod";

z.config({ jitless: true });
