import { useEffect, useState } from 'preact/hooks';

const dark = matchMedia('(prefers-color-scheme: dark)');

/** The colour scheme: a canvas does not follow it by itself. */
export function useScheme(): 'light' | 'dark' {
  const [isDark, set] = useState(dark.matches);
  useEffect(() => {
    const changed = () => set(dark.matches);
    dark.addEventListener('change', changed);
    return () => dark.removeEventListener('change', changed);
  }, []);
  return isDark ? 'dark' : 'light';
}
