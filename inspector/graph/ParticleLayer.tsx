import { useStoreApi } from "@xyflow/react";
import { useEffect, useRef } from "react";
import { isMotionReduced } from "../store/inspector-state.ts";
import { useInspector, useModel } from "../ui/model-context.ts";
import { createParticleField } from "./particle-field.ts";
import type { ParticleRoute } from "./particle-routes.ts";
import { toParticleRoutes } from "./particle-routes.ts";
import type { Flow } from "./to-flow.ts";

/**
 * One canvas over the graph: each tick sends dots along the edges it caused. It draws only while dots are on
 * their way. With motion reduced it counts events per second instead.
 */
export function ParticleLayer({ flow }: { readonly flow: Flow }) {
  const model = useModel();
  const flowStore = useStoreApi();
  const canvasRef = useRef<HTMLCanvasElement>(null);
  const isReduced = useInspector(isMotionReduced);

  useEffect(() => {
    const edges = new Map(flow.edges.map((edge) => [edge.id, edge.data?.route.line ?? []]));
    const hasEdge = (id: string): boolean => edges.has(id);
    if (isReduced) return countFlow(model, hasEdge);

    const canvas = canvasRef.current;
    const context = canvas?.getContext("2d") ?? null;
    if (canvas === null || context === null) return undefined;
    const field = createParticleField();
    let frame: number | null = null;
    let color = "";

    const draw = (): void => {
      const { width, height, transform } = flowStore.getState();
      const ratio = Math.min(2, devicePixelRatio);
      if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
        canvas.width = Math.round(width * ratio);
        canvas.height = Math.round(height * ratio);
      }
      const [left, top, zoom] = transform;
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, width, height);
      context.fillStyle = color;
      const scale = Math.max(0.7, Math.min(1.2, zoom));
      const isMoving = field.forEach(performance.now(), (x, y, radius, strength) => {
        context.globalAlpha = strength;
        context.beginPath();
        context.arc(x * zoom + left, y * zoom + top, radius * scale, 0, Math.PI * 2);
        context.fill();
      });
      frame = isMoving ? requestAnimationFrame(draw) : null;
    };
    const stopListening = model.onTicks((ticks) => {
      if (document.hidden) return;
      const routes: readonly ParticleRoute[] = toParticleRoutes(ticks, hasEdge);
      if (routes.length === 0) return;
      field.add(routes, (edge) => edges.get(edge), performance.now());
      if (frame === null) {
        color = getComputedStyle(canvas).color;
        frame = requestAnimationFrame(draw);
      }
    });
    return () => {
      stopListening();
      if (frame !== null) cancelAnimationFrame(frame);
      context.clearRect(0, 0, canvas.width, canvas.height);
    };
  }, [model, flowStore, flow, isReduced]);

  return <canvas ref={canvasRef} className="tw-particles" aria-hidden="true" />;
}

function countFlow(model: ReturnType<typeof useModel>, hasEdge: (id: string) => boolean): () => void {
  let counts: Record<string, number> = {};
  const stopListening = model.onTicks((ticks) => {
    for (const { eventType, count } of toParticleRoutes(ticks, hasEdge))
      counts[eventType] = (counts[eventType] ?? 0) + count;
  });
  const timer = setInterval(() => {
    const { flow } = model.store.getState();
    if (Object.keys(counts).length > 0 || Object.keys(flow).length > 0) model.store.setState({ flow: counts });
    counts = {};
  }, 1_000);
  return () => {
    stopListening();
    clearInterval(timer);
    model.store.setState({ flow: {} });
  };
}
