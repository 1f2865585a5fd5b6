"""A game as small as can be: the texts of the files that every static export holds."""

INDEX = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="styles.css">
<link rel="icon" href="logo.png">
<link rel="manifest" href="manifest.json">
<title>PlayCanvas</title>
<script src="playcanvas-stable.min.js"></script>
<script src="__settings__.js"></script>
</head>
<body>
<canvas id="application-canvas"></canvas>
<script src="__modules__.js"></script>
<script src="__loading__.js"></script>
<script src="__start__.js"></script>
</body>
</html>
"""

STYLES = """html, body { height: 100%; margin: 0; overflow: hidden; background: #1d292c; }
canvas { display: block; width: 100%; height: 100%; }
"""

# Stands where the engine would: draws the scene's name and falling pears, which need no font.
ENGINE = """window.pc = { run(canvas, title) {
  const context = canvas.getContext("2d");
  const fruit = [...Array(12)].map((_, n) => ({ x: (n * 37) % 100, y: (n * 61) % 100 }));
  (function frame() {
    canvas.width = innerWidth; canvas.height = innerHeight;
    context.font = "32px sans-serif";
    context.textAlign = "center";
    for (const piece of fruit) {
      piece.y = (piece.y + 0.4) % 100;
      const [x, y] = [piece.x / 100 * innerWidth, piece.y / 100 * innerHeight];
      context.fillStyle = "#9c3";
      context.beginPath();
      context.arc(x, y, 18, 0, 7);
      context.arc(x, y - 18, 11, 0, 7);
      context.fill();
    }
    context.fillStyle = "#f60";
    context.fillText(title, innerWidth / 2, innerHeight / 2);
    requestAnimationFrame(frame);
  })();
} };
"""

CONFIG_LOADER = """window.loading = Promise.all(
  [CONFIG_FILENAME, SCENE_PATH].map((path) => fetch(path).then((answer) => answer.json())));
"""

START = """window.loading.then(([config, scene]) => {
  document.title = `${config.name} · ${scene.name}`;
  pc.run(document.getElementById("application-canvas"), document.title);
});
"""
