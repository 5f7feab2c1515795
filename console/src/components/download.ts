// Hands the browser a file to save.
export function download(name: string, text: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

// A file name that says what and when.
export function fileName(base: string, extension: string): string {
  const time = new Date().toISOString().slice(0, 16).replace(/[-:]/g, '').replace('T', '-');
  return `${base.replace(/[^\w.-]+/g, '_')}-${time}.${extension}`;
}
