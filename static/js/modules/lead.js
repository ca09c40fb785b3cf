// The mentor's own screen follows the lesson like the board does.
import { follow } from "./follow.js";

export function start(screen) {
  follow(screen);
}
