// The screen of a pupil in a live lesson: follows the class, sends a vote without leaving the page. A pupil's screen asks less often than the
// board, and every screen at its own moment, so that a class does not knock all at once.
import { follow } from "./follow.js";

const EVERY = 4000;

export function start(screen) {
  follow(screen, { every: EVERY });
}
