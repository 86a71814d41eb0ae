import { Health, type Instant, SensorState } from "@openkerb/contract";
import { expect, it } from "vitest";
import { sensorCheck } from "./sensor-check.ts";

const now = 1_700_000_000_000;
const sensors = Health.shape.sensors.unwrap();
const check = (given: object = {}) => {
  const [sensor] = sensors.parse([
    {
      id: "dust",
      state: "measuring",
      since: now - 7_200_000,
      lastValue: now - 20_000,
      refused: 0,
      restarts: 0,
      ...given,
    },
  ]);
  return sensorCheck(sensor!, now as Instant);
};

it("is green for a sensor that measures, and asks nothing of the technician", () => {
  expect(check()).toEqual({
    ...{ name: "Sensor dust", light: "green", value: "measuring for 2 h", next: undefined },
    reason: "Its values count. Last value 20 s ago.",
  });
});

it.each(SensorState.options.filter((state) => state !== "measuring"))(
  "says what to do about a sensor that is %s",
  (state) => {
    const { light, next, reason } = check({ state, lastValue: undefined, refused: 3, restarts: 1 });
    expect(["amber", "red"]).toContain(light);
    expect(next).toMatch(/\w/);
    expect(reason).toContain("No value yet, 3 answers not understood, opened anew 1 time.");
  },
);
