/** An engine that does not start, as where its code cannot be loaded. */
throw new Error("The workflows of this worker could not be loaded.");
