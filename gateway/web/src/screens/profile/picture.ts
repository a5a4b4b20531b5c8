// A picture of somebody as it is kept: a small square out of the middle of what was chosen. Where it was taken does not go along.

/** Its width and height in pixels: the largest that is shown, on a screen that is three times as dense. */
const SIDE = 216;

export class NoPicture extends Error {
  override readonly name = "NoPicture";
}

/** @throws {NoPicture} where the browser cannot read it as a picture. */
export async function squareOf(file: Blob): Promise<Blob> {
  const image = await createImageBitmap(file).catch((cause: unknown) => {
    throw new NoPicture("not a picture", { cause });
  });
  const side = Math.min(image.width, image.height);
  const canvas = new OffscreenCanvas(SIDE, SIDE);
  const context = canvas.getContext("2d");
  if (!context) throw new NoPicture("nothing to draw on");
  // What shows through is white.
  context.fillStyle = "#fff";
  context.fillRect(0, 0, SIDE, SIDE);
  context.drawImage(image, (image.width - side) / 2, (image.height - side) / 2, side, side, 0, 0, SIDE, SIDE);
  image.close();
  return canvas.convertToBlob({ type: "image/jpeg", quality: 0.85 });
}
