// What is left of a question when parts were taken out: without words that joined them.

import { fits } from "./reading.js";

/** Return the topic in what is left of a question; empty if it only asks for papers. */
export function topicOf(left, { leftOver }) {
  const topic = left.replace(leftOver.joining, "");
  return fits(leftOver.onlyAsking, topic) ? "" : topic;
}
