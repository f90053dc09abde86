import { Suspense, useEffect, useMemo, useRef, useState } from "react";
import type { Me } from "@/api/types";
import type { ComposeTarget } from "@/domain/composing";
import { PostMedia } from "@/domain/media/components/post-media";
import { QuotedPostCard } from "@/domain/posts/components/quoted-card";
import { RichText } from "@/domain/posts/components/rich-text";
import { goneText, isGone } from "@/domain/posts/gone";
import { DisplayName } from "@/domain/users/components/user-names";
import { lazy } from "@/lib/lazy";
import { useStore } from "@/lib/store";
import { Avatar } from "@/ui/avatar";
import { Button } from "@/ui/button";
import { FormError } from "@/ui/field";
import { TimeAgo } from "@/ui/time-ago";
import { useSubmitPost } from "../api/use-submit-post";
import { attachmentsOf, uploadMessage } from "../attachments";
import { count } from "../counter";
import { draftKey, useDraft } from "../drafts";
import { AttachButtons } from "./attach-buttons";
import { AttachmentList } from "./attachment-list";
import { CounterRing } from "./counter-ring";
import { DraftField } from "./draft-field";
import { DropZone } from "./drop-zone";

const MissingAlt = lazy(() => import("./missing-alt"));

interface ComposerProps {
  me: Me;
  target: ComposeTarget;
  /** Part of a page rather than a dialog: small until somebody writes. */
  inline?: boolean;
  autoFocus?: boolean;
  onSent?: () => void;
}

const placeholders = {
  new: "What do you hear?",
  reply: "Write your reply",
  quote: "Add your thought",
  edit: "Your post",
} as const;
const buttons = { new: "Post", reply: "Reply", quote: "Quote", edit: "Save" } as const;

const startText = (target: ComposeTarget) =>
  target.mode === "edit" ? target.post.content : target.mode === "new" ? (target.text ?? "") : "";

export function Composer({ me, target, inline = false, autoFocus = false, onSent }: ComposerProps) {
  const initial = startText(target);
  const key = draftKey(me.id, target);
  const draft = useDraft(key, initial);
  const attachments = attachmentsOf(key);
  const attached = useStore(attachments.list);
  const [refused, setRefused] = useState<string[]>([]);
  const [describing, setDescribing] = useState<string | null>(null);
  const [reminding, setReminding] = useState(false);
  const submit = useSubmitPost(target);
  const [touched, setTouched] = useState(!inline);
  const open = touched || draft.text !== "" || attached.length > 0;
  const field = useRef<HTMLTextAreaElement>(null);
  const counted = useMemo(() => count(draft.text), [draft.text]);
  const editing = target.mode === "edit";
  const pictured = attached.length > 0 || (editing && target.post.media.length > 0);
  const worded = counted.sendable || (pictured && draft.text.trim() === "");
  const sendable =
    worded &&
    !submit.isPending &&
    !attached.some(({ state }) => state === "failed") &&
    (!editing || draft.text !== initial);

  useEffect(() => {
    if (!autoFocus) return;
    field.current?.focus();
    field.current?.setSelectionRange(field.current.value.length, field.current.value.length);
  }, [autoFocus]);

  const add = (files: File[]) => {
    setTouched(true);
    setRefused(attachments.add(files));
  };
  const post = () => {
    setReminding(false);
    submit.mutate(
      { content: draft.text, mediaIds: () => attachments.settled() },
      {
        onSuccess: () => {
          draft.clear();
          attachments.clear();
          setRefused([]);
          if (inline) {
            setTouched(false);
            field.current?.blur();
          }
          onSent?.();
        },
      },
    );
  };
  const undescribed = attached.find(({ alt }) => alt === "");
  const send = () => {
    if (!sendable) return;
    if (undescribed && me.alt_reminder) setReminding(true);
    else post();
  };

  return (
    <DropZone
      onFiles={editing ? undefined : add}
      className={inline ? "border-b border-line px-4 py-2.5" : "px-4 pb-3"}
    >
      {target.mode === "reply" && !inline && <Answered target={target} />}
      <div className="flex gap-3">
        <Avatar user={me} />
        <div className="min-w-0 flex-1">
          <DraftField
            ref={field}
            text={draft.text}
            count={counted}
            label={
              target.mode === "reply" ? `Reply to @${target.post.author.username}` : placeholders[target.mode]
            }
            placeholder={placeholders[target.mode]}
            large={!inline}
            onChange={draft.setText}
            onSend={send}
            onFocus={() => setTouched(true)}
          />
          {editing ? (
            <PostMedia post={target.post} still />
          ) : (
            // What is on its way stays as it is.
            <div inert={submit.isPending}>
              <AttachmentList attachments={attachments} describing={describing} onDescribe={setDescribing} />
            </div>
          )}
          {refused.map((text) => (
            <p key={text} role="alert" className="mt-2 text-sm font-medium text-danger">
              {text}
            </p>
          ))}
          {target.mode === "quote" && <QuotedPostCard post={target.post} still />}
        </div>
        {!open && (
          <Button size="sm" disabled className="mt-1.5">
            {buttons[target.mode]}
          </Button>
        )}
      </div>
      {submit.isError && (
        <div className="mt-3">
          <FormError>{isGone(submit.error) ? goneText : uploadMessage(submit.error)}</FormError>
        </div>
      )}
      {open && (
        <div className="mt-2 flex items-center justify-end gap-3 border-t border-line pt-2.5">
          {!editing && <AttachButtons attachments={attachments} onFiles={add} />}
          <CounterRing count={counted} />
          <Button
            onClick={send}
            disabled={!sendable}
            busy={submit.isPending}
            aria-keyshortcuts="Control+Enter Meta+Enter"
          >
            {buttons[target.mode]}
          </Button>
        </div>
      )}
      <Suspense>
        {reminding && undescribed && (
          <MissingAlt
            onDescribe={() => {
              setReminding(false);
              setDescribing(undescribed.key);
            }}
            onPost={post}
            onClose={() => setReminding(false)}
          />
        )}
      </Suspense>
    </DropZone>
  );
}

/** The post that is being answered, above the field and joined to it by a line. */
function Answered({ target }: { target: Extract<ComposeTarget, { mode: "reply" }> }) {
  const { author, content, entities, created_at } = target.post;
  return (
    <div className="flex gap-3">
      <div className="flex flex-col items-center">
        <Avatar user={author} />
        <span className="my-1 w-0.5 flex-1 bg-line-strong" />
      </div>
      <div className="min-w-0 flex-1 pb-4">
        <p className="flex items-center gap-1.5 text-[15px]">
          <DisplayName user={author} />
          <span className="truncate text-muted">@{author.username}</span>
          <span className="shrink-0 text-muted">
            · <TimeAgo iso={created_at} />
          </span>
        </p>
        <RichText content={content} entities={entities} plain className="line-clamp-6 text-[15px]" />
        <p className="mt-2 text-[14.5px] text-muted">
          Replying to <span className="text-accent">@{author.username}</span>
        </p>
      </div>
    </div>
  );
}
