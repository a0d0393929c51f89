import { lazy, Suspense } from "react";
import { Skeleton } from "../ui/Skeleton.tsx";
import type { SchemaFormProps } from "./SchemaForm.tsx";

const SchemaForm = lazy(() => import("./SchemaForm.tsx"));

/** A form made from a JSON Schema; all that forms need is loaded with the first one. */
export function Form(props: SchemaFormProps) {
  return (
    <Suspense fallback={<Skeleton label="Loading the form" rows={3} />}>
      <SchemaForm {...props} />
    </Suspense>
  );
}
