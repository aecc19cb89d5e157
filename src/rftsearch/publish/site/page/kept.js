// What the browser keeps for this list: lists at other addresses of the same site have their own.

const FOLDER = new URL(".", location.href).pathname;

export class Kept {
  /** Read what is kept under a name; a browser that keeps nothing has it while the page is open. */
  constructor(name, missing) {
    this.place = `rftsearch.${name}.${FOLDER}`;
    this.value = missing;
    try {
      this.value = JSON.parse(localStorage.getItem(this.place)) ?? missing;
    } catch {
      // Nothing is kept, or what is kept is damaged.
    }
  }

  set(value) {
    this.value = value;
    try {
      localStorage.setItem(this.place, JSON.stringify(value));
    } catch {
      // As above.
    }
  }
}
