import { blocksOf, runsOf, type Block } from './blocks';

/** A document in Markdown. Its texts are set as texts: nothing in them becomes part of the page's own structure. */
export function Document({ markdown }: { readonly markdown: string }) {
  return (
    <div class="document">
      {blocksOf(markdown).map((block, index) => (
        <BlockView key={index} block={block} />
      ))}
    </div>
  );
}

function BlockView({ block }: { readonly block: Block }) {
  switch (block.kind) {
    case 'heading':
      return block.level === 1 ? (
        <h2>
          <Runs text={block.text} />
        </h2>
      ) : (
        <h3>
          <Runs text={block.text} />
        </h3>
      );
    case 'table':
      return (
        <table>
          {block.head.some((cell) => cell !== '') && (
            <thead>
              <tr>
                {block.head.map((cell, index) => (
                  <th scope="col" key={index}>
                    {cell}
                  </th>
                ))}
              </tr>
            </thead>
          )}
          <tbody>
            {block.rows.map((row, index) => (
              <tr key={index}>
                {row.map((cell, column) => (
                  <td key={column}>
                    <Runs text={cell} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      );
    case 'list':
      return (
        <ul>
          {block.items.map((item, index) => (
            <li key={index}>
              <Runs text={item} />
            </li>
          ))}
        </ul>
      );
    case 'paragraph':
      return (
        <p>
          <Runs text={block.text} />
        </p>
      );
  }
}

function Runs({ text }: { readonly text: string }) {
  return (
    <>
      {runsOf(text).map((run, index) => {
        switch (run.kind) {
          case 'text':
            return run.text;
          case 'bold':
            return <strong key={index}>{run.text}</strong>;
          case 'code':
            return <code key={index}>{run.text}</code>;
          case 'anchor':
            return <span key={index} id={run.text} />;
          case 'link':
            return /^(#|https?:\/\/)/.test(run.to) ? (
              <a key={index} href={run.to}>
                {run.text}
              </a>
            ) : (
              run.text
            );
        }
      })}
    </>
  );
}
