// The two textual forms of an item, and what is wrong with a text and where.
import { InvalidValue, Item } from '../../model/attribute';
import { JsonError, Positions, parseJson, pointer, writeJson } from '../../model/json';
import { itemFromPlain, itemToPlain } from '../../model/plain-json';
import { typedItem } from '../../model/transfer';
import type { EditorFinding } from '../code-editor';

export type View = 'form' | 'plain' | 'dynamodb';

export function writeText(item: Item, view: View): string {
  return view === 'plain' ? writeJson(itemToPlain(item)) : JSON.stringify(item, null, 2);
}

export function readText(text: string, view: View): Item {
  const json = parseJson(text);
  return view === 'plain' ? itemFromPlain(json) : typedItem(json);
}

export function lintItem(text: string, view: View): EditorFinding[] {
  const positions: Positions = new Map();
  try {
    const json = parseJson(text, positions);
    if (view === 'plain') itemFromPlain(json);
    else typedItem(json);
    return [];
  } catch (error) {
    if (error instanceof JsonError) {
      return [{ severity: 'error', message: error.reason, from: Math.min(error.offset, text.length), to: Math.min(error.offset + 1, text.length) }];
    }
    const path = error instanceof InvalidValue ? error.path : '';
    const span = spanOf(path, positions) ?? { from: 0, to: Math.min(1, text.length) };
    return [{ severity: 'error', message: (error as Error).message, ...span }];
  }
}

// The attribute at fault; in nested values the top-level attribute is near enough.
function spanOf(path: string, positions: Positions) {
  const exact = positions.get(pointer(path));
  if (exact) return exact;
  const steps = path.split(/\.|\[|\]/).filter((step) => step !== '');
  for (let length = steps.length; length > 0; length--) {
    const found = positions.get(pointer(...steps.slice(0, length)));
    if (found) return found;
  }
  return undefined;
}
