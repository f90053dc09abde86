export interface DiffPiece {
  kind: "same" | "added" | "removed";
  text: string;
}

const words = (text: string) => text.match(/\s+|[^\s]+/gu) ?? [];

/** Longest common subsequence lengths of all suffixes, row by row. Posts are short, so the table is small. */
function suffixTable(a: string[], b: string[]): number[][] {
  const table = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const down = table[i + 1]?.[j] ?? 0;
      const right = table[i]?.[j + 1] ?? 0;
      const diagonal = table[i + 1]?.[j + 1] ?? 0;
      (table[i] as number[])[j] = a[i] === b[j] ? diagonal + 1 : Math.max(down, right);
    }
  }
  return table;
}

/** What was added and removed, word by word (the LCS of Wagner and Fischer, 1974). Joined pieces rebuild both texts. */
export function wordDiff(before: string, after: string): DiffPiece[] {
  const a = words(before);
  const b = words(after);
  const table = suffixTable(a, b);
  const pieces: DiffPiece[] = [];
  const push = (kind: DiffPiece["kind"], text: string) => {
    const last = pieces.at(-1);
    if (last?.kind === kind) last.text += text;
    else pieces.push({ kind, text });
  };
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const left = a[i];
    const right = b[j];
    if (left !== undefined && left === right) {
      push("same", left);
      i++;
      j++;
    } else if (
      left !== undefined &&
      (right === undefined || (table[i + 1]?.[j] ?? 0) >= (table[i]?.[j + 1] ?? 0))
    ) {
      push("removed", left);
      i++;
    } else {
      push("added", right as string);
      j++;
    }
  }
  return mostlyKept(pieces, a, b) ? pieces : whole(before, after);
}

const countWords = (all: string[]) => all.filter((word) => word.trim() !== "").length;

/** Whether at least half of the longer text's words stand in both. */
function mostlyKept(pieces: DiffPiece[], a: string[], b: string[]): boolean {
  const same = pieces.filter(({ kind }) => kind === "same").flatMap(({ text }) => words(text));
  return countWords(same) * 2 >= Math.max(countWords(a), countWords(b));
}

/** Of texts that have little in common, the one and then the other: mingled, neither could be read. */
function whole(before: string, after: string): DiffPiece[] {
  const pieces: DiffPiece[] = [
    { kind: "removed", text: before },
    { kind: "added", text: after },
  ];
  return pieces.filter(({ text }) => text !== "");
}
