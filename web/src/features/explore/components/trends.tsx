import { ChevronDown, TrendingUp } from "lucide-react";
import { useState } from "react";
import { namedLanguages } from "@/domain/languages";
import { TrendRow } from "@/domain/trends/components/trend-row";
import { type TrendWindow, useTrends } from "@/domain/trends/use-trends";
import { useMe } from "@/domain/users/cache";
import { cx } from "@/lib/cx";
import { useRemembered } from "@/lib/use-remembered";
import { LoadingMore } from "@/ui/spinner";
import { ErrorState } from "@/ui/states";

const windows = ["24h", "1h"] as const;
const windowWords: Record<TrendWindow, string> = { "1h": "Last hour", "24h": "24 hours" };
const allLanguages = "all";
const offeredLanguages = [allLanguages, ...namedLanguages.map(({ code }) => code)];
const firstShown = 8;

/** What more people speak of than is usual, within an hour or a day, in one language or all. */
export function Trends() {
  const me = useMe();
  const [window, setWindow] = useRemembered<TrendWindow>("trends.window", windows, "24h");
  const [lang, setLang] = useRemembered("trends.lang", offeredLanguages, allLanguages);
  return (
    <section aria-labelledby="trends" className="border-b border-line pb-1">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 pt-3.5 pb-2">
        <h2 id="trends" className="flex-1 text-xl font-bold max-sm:basis-full">
          Trending
        </h2>
        <span className="relative">
          <select
            aria-label="Language of trends"
            value={lang}
            onChange={(event) => setLang(event.target.value)}
            className="h-9 max-w-40 appearance-none truncate rounded-full border border-line-strong bg-bg pr-8 pl-3.5 text-[13.5px] font-medium max-sm:text-base"
          >
            <option value={allLanguages}>All languages</option>
            {namedLanguages.map(({ code, name }) => (
              <option key={code} value={code}>
                {name}
              </option>
            ))}
          </select>
          <ChevronDown
            className="pointer-events-none absolute top-1/2 right-2.5 size-4 -translate-y-1/2 text-muted"
            aria-hidden="true"
          />
        </span>
        <WindowSwitch window={window} onChange={setWindow} />
      </div>
      <TrendList
        key={`${window}:${lang}:${me?.id}`}
        window={window}
        lang={lang === allLanguages ? null : lang}
      />
    </section>
  );
}

interface WindowSwitchProps {
  window: TrendWindow;
  onChange: (window: TrendWindow) => void;
}

function WindowSwitch({ window, onChange }: WindowSwitchProps) {
  return (
    <fieldset className="flex rounded-full border border-line-strong p-0.5">
      <legend className="sr-only">Time span of trends</legend>
      {windows.map((value) => (
        <label
          key={value}
          className={cx(
            "cursor-pointer rounded-full px-3 py-1.5 text-[13.5px] leading-tight font-semibold transition-colors",
            "has-focus-visible:outline-2 has-focus-visible:outline-offset-1 has-focus-visible:outline-accent",
            value === window ? "bg-accent text-on-accent" : "text-muted hover:text-text",
          )}
        >
          <input
            type="radio"
            name="trend-window"
            className="sr-only"
            checked={value === window}
            onChange={() => onChange(value)}
          />
          {windowWords[value]}
        </label>
      ))}
    </fieldset>
  );
}

function TrendList({ window, lang }: { window: TrendWindow; lang: string | null }) {
  const query = useTrends(window, lang);
  const [all, setAll] = useState(false);
  if (query.isPending) return <LoadingMore label="Loading trends" />;
  if (query.isError && !query.data)
    return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  const trends = query.data.data;
  if (trends.length === 0) return <Quiet />;
  const shown = all ? trends : trends.slice(0, firstShown);
  return (
    <>
      <ol>
        {shown.map((trend) => (
          <li key={`${trend.kind}:${trend.name}`}>
            <TrendRow trend={trend} />
          </li>
        ))}
      </ol>
      {shown.length < trends.length && (
        <button
          type="button"
          onClick={() => setAll(true)}
          className="block w-full px-4 py-3 text-left text-[14.5px] text-accent hover:bg-hover focus-visible:-outline-offset-2"
        >
          Show all {trends.length}
        </button>
      )}
    </>
  );
}

function Quiet() {
  return (
    <div className="flex items-start gap-3 px-4 pt-1 pb-5 text-[15px] text-muted">
      <TrendingUp className="mt-0.5 size-5 shrink-0" aria-hidden="true" />
      <p className="text-pretty">
        Nothing stands out right now. A trend is what clearly more people speak of than is usual for it: three
        people can start one.
      </p>
    </div>
  );
}
