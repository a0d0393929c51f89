import { useStoreApi } from "@xyflow/react";
import { useEffect, useRef } from "react";
import { isMotionReduced } from "../store/inspector-state.ts";
import { useInspector, useModel } from "../ui/model-context.ts";
import { createFlowCounter } from "./flow-counter.ts";
import { createParticleField } from "./particle-field.ts";
import type { ParticleRoute } from "./particle-routes.ts";
import { toParticleRoutes } from "./particle-routes.ts";
import type { Flow } from "./to-flow.ts";

/**
 * One canvas over the graph: each tick sends dots along the edges it caused. It draws only while dots are on
 * their way. With motion reduced, and when more happens than dots can show, events are counted per second.
 */
export function ParticleLayer({ flow }: { readonly flow: Flow }) {
  const model = useModel();
  const flowStore = useStoreApi();
  const canvasRef = useRef<HTMLCanvasElement>(null);
  const isReduced = useInspector(isMotionReduced);

  useEffect(() => {
    const edges = new Map(flow.edges.map((edge) => [edge.id, edge.route.line]));
    const hasEdge = (id: string): boolean => edges.has(id);
    const counter = createFlowCounter(model.store, isReduced);
    if (isReduced) {
      const stopListening = model.onTicks((ticks, skipped) => counter.add(ticks, skipped));
      return () => {
        stopListening();
        counter.close();
      };
    }

    const canvas = canvasRef.current;
    const context = canvas?.getContext("2d") ?? null;
    if (canvas === null || context === null) return () => counter.close();
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
    const stopListening = model.onTicks((ticks, skipped) => {
      if (document.hidden) return;
      counter.add(ticks, skipped);
      if (skipped > 0) counter.showNext();
      const routes: readonly ParticleRoute[] = toParticleRoutes(ticks, hasEdge);
      if (routes.length === 0) return;
      if (!field.add(routes, (edge) => edges.get(edge), performance.now())) counter.showNext();
      if (frame === null) {
        color = getComputedStyle(canvas).color;
        frame = requestAnimationFrame(draw);
      }
    });
    return () => {
      stopListening();
      counter.close();
      if (frame !== null) cancelAnimationFrame(frame);
      context.clearRect(0, 0, canvas.width, canvas.height);
    };
  }, [model, flowStore, flow, isReduced]);

  return <canvas ref={canvasRef} className="tw-particles" aria-hidden="true" />;
}
