/**
 * Property tests: the same examples for every mutant, and no more than a moment of them.
 *
 * What a file makes outside its tests, while it is read, counts for all tests or for none: the tool takes a file that
 * cannot be read for one without failures. So tables of test.each hold functions that make a thing, not the thing.
 */
import fc from "fast-check";

fc.configureGlobal({ seed: 1, interruptAfterTimeLimit: 2_000 });
