import { useState } from "react";
import ReactCrop from "react-image-crop";
import "react-image-crop/dist/ReactCrop.css";
import { type CropArea, middleOf } from "../crop";

interface CropperProps {
  src: string;
  /** Width by height; null leaves it open. Another one begins anew, by its key. */
  ratio: number | null;
  round?: boolean;
  onChange: (area: CropArea) => void;
  onError?: () => void;
}

/** A picture with a frame to be moved and sized by pointer or arrow keys. */
export function Cropper({ src, ratio, round = false, onChange, onError }: CropperProps) {
  const [area, setArea] = useState<CropArea | null>(null);
  const change = (next: CropArea) => {
    setArea(next);
    onChange(next);
  };
  return (
    <div className="grid place-items-center overflow-hidden rounded-xl bg-surface">
      <ReactCrop
        {...(area && { crop: inPercent(area) })}
        {...(ratio && { aspect: ratio })}
        circularCrop={round}
        ruleOfThirds
        style={{ maxHeight: "52vh" }}
        keepSelection
        minWidth={24}
        minHeight={24}
        onChange={(_, { x, y, width, height }) =>
          change({ x: x / 100, y: y / 100, width: width / 100, height: height / 100 })
        }
      >
        <img
          src={src}
          alt=""
          onLoad={({ currentTarget: image }) =>
            change(middleOf(image.naturalWidth, image.naturalHeight, ratio))
          }
          onError={onError}
        />
      </ReactCrop>
    </div>
  );
}

const inPercent = ({ x, y, width, height }: CropArea) => ({
  unit: "%" as const,
  x: x * 100,
  y: y * 100,
  width: width * 100,
  height: height * 100,
});
