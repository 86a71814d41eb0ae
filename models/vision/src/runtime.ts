// The one door to ONNX Runtime. Order matters: the first import keeps the second one quiet.
import "./no-telemetry.ts";

export { InferenceSession, Tensor } from "onnxruntime-node";
