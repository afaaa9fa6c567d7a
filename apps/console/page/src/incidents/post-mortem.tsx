import { useRef, useState } from 'preact/hooks';
import { readText } from '../data/read';
import { Document } from '../markdown/document';

/** The post-mortem over the page. Read as all else is: a plain link would not carry the token. */
export function PostMortem({ path, title }: { readonly path: string; readonly title: string }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [text, setText] = useState('');
  const open = () => {
    setText('Loading …');
    dialog.current?.showModal();
    readText(path).then(setText, (error: Error) => setText(error.message));
  };
  return (
    <>
      <p>
        <button onClick={open}>Read the post-mortem</button>
      </p>
      <dialog ref={dialog} aria-label={`Post-mortem of ${title}`}>
        <form method="dialog">
          <button>Close</button>
        </form>
        <Document markdown={text} />
      </dialog>
    </>
  );
}
