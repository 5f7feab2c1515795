// Light, dark, or as the system has it. Remembered in this browser.
import { Density, Mode, applyDensity, applyMode } from '@cloudscape-design/global-styles';

export type Theme = 'light' | 'dark' | 'system';
const KEY = 'armature.theme';
const dark = window.matchMedia('(prefers-color-scheme: dark)');

export function currentTheme(): Theme {
  const saved = localStorage.getItem(KEY);
  return saved === 'light' || saved === 'dark' ? saved : 'system';
}

export function isDark(): boolean {
  const theme = currentTheme();
  return theme === 'dark' || (theme === 'system' && dark.matches);
}

export function applyTheme(theme?: Theme): void {
  if (theme) localStorage.setItem(KEY, theme);
  applyMode(isDark() ? Mode.Dark : Mode.Light);
  applyDensity(Density.Compact);
  document.documentElement.style.colorScheme = isDark() ? 'dark' : 'light';
  window.dispatchEvent(new Event('armature-theme'));
}

dark.addEventListener('change', () => applyTheme());
