// A QR code. Always dark on light, which is what cameras read.

import { useEffect, useState } from "react";
import css from "./Qr.module.css";

export function Qr({ text, label }: { text: string; label: string }) {
  const [drawn, setDrawn] = useState<{ size: number; path: string }>();
  useEffect(() => {
    let gone = false;
    void import("uqr").then(({ encode }) => {
      if (gone) return;
      const { data, size } = encode(text, { border: 2 });
      const squares = data.flatMap((row, y) =>
        row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])),
      );
      setDrawn({ size, path: squares.join("") });
    });
    return () => {
      gone = true;
    };
  }, [text]);
  return (
    <div className={css.code}>
      {drawn && (
        <svg
          viewBox={`0 0 ${drawn.size} ${drawn.size}`}
          role="img"
          aria-label={label}
          shapeRendering="crispEdges"
        >
          <path d={drawn.path} />
        </svg>
      )}
    </div>
  );
}
