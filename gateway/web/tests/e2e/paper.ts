// Files that stories are about: a picture and a document.

import { deflateSync } from "node:zlib";

/** A picture of one colour, of that many pixels a side. */
function picture(size: number, [red, green, blue]: [number, number, number]): Buffer {
  const chunk = (name: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(name), data]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc(body));
    return Buffer.concat([length, body, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(size, 0);
  head.writeUInt32BE(size, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const row = Buffer.concat([Buffer.from([0]), ...Array<Buffer>(size).fill(Buffer.from([red, green, blue]))]);
  const rows = deflateSync(Buffer.concat(Array<Buffer>(size).fill(row)));
  const begin = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  return Buffer.concat([begin, chunk("IHDR", head), chunk("IDAT", rows), chunk("IEND", Buffer.alloc(0))]);
}

function crc(bytes: Buffer): number {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return (sum ^ 0xffffffff) >>> 0;
}

export interface Paper {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

export const PHOTO: Paper = { name: "tyre.png", mimeType: "image/png", buffer: picture(64, [63, 125, 58]) };
export const OFFER: Paper = {
  name: "offer.pdf",
  mimeType: "application/pdf",
  buffer: Buffer.from("%PDF-1.4\n%%EOF\n"),
};
