import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { MeView } from '../../../src/tokens/views';

/** Who looks at this page, as the server knows them; `null` until it has said so. */
export const Me = createContext<MeView | null>(null);

export const useMe = (): MeView | null => useContext(Me);
