import { runVectors } from '@mana/shared/crypto/vectors';

declare global {
  interface Window {
    runVectors: typeof runVectors;
  }
}

window.runVectors = runVectors;
