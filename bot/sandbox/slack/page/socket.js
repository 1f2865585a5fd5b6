// The wire: one WebSocket of JSON frames that comes back by itself when it is cut.

const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 4000;

/** Stay connected; `up` runs after every connect, `down` once per loss, `frame` for every frame. */
export function connect(url, { up, down, frame }) {
  let socket = null;
  let pause = FIRST_PAUSE;
  let timer = null;

  function open() {
    clearTimeout(timer);
    socket = new WebSocket(url);
    socket.addEventListener("open", () => {
      pause = FIRST_PAUSE;
      up();
    });
    socket.addEventListener("message", (event) => frame(JSON.parse(event.data)));
    socket.addEventListener("close", () => {
      down();
      timer = setTimeout(open, pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    });
  }

  // Coming back to a tab should not have to sit out the rest of a pause.
  window.addEventListener("online", () => socket.readyState === WebSocket.CLOSED && open());
  open();

  return {
    /** Send one frame; false when the line is down and nothing was sent. */
    send(message) {
      if (socket.readyState !== WebSocket.OPEN) return false;
      socket.send(JSON.stringify(message));
      return true;
    },
  };
}
