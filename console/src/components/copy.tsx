import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';

// Text with a button that copies it.
export function Copy({ text, label = 'Copy' }: { text: string; label?: string }) {
  return (
    <CopyToClipboard variant="inline" textToCopy={text} copyButtonAriaLabel={label} copySuccessText="Copied" copyErrorText="Copying failed; select the text instead" />
  );
}

export function CopyButton({ text, children = 'Copy' }: { text: string; children?: string }) {
  return <CopyToClipboard textToCopy={text} copyButtonText={children} copySuccessText="Copied" copyErrorText="Copying failed; select the text instead" />;
}

// A block of code with a copy button over it.
export function Code({ text, wrap, label }: { text: string; wrap?: boolean; label: string }) {
  return (
    <div style={{ position: 'relative' }}>
      <div style={{ position: 'absolute', right: 8, top: 6 }}>
        <CopyToClipboard variant="icon" textToCopy={text} copyButtonAriaLabel={`Copy ${label}`} copySuccessText="Copied" copyErrorText="Copying failed" />
      </div>
      <pre className={wrap ? 'code wrap' : 'code'} tabIndex={0} aria-label={label}>
        {text}
      </pre>
    </div>
  );
}
