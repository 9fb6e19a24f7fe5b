/** The codes about the effect of a run and its condition; part of `ENGINE_ERROR_CODES`. */
export const EFFECT_ERROR_CODES = {
  EFFECT_FAILED: {
    kind: 'failed',
    meaning: 'The system accepted the request, but abandoned the effect.',
  },
  EFFECT_REVERTED: {
    kind: 'failed',
    meaning:
      'The effect was reached, as seen or as the records of the system show, and then reverted.',
  },
  EFFECT_SUPERSEDED: {
    kind: 'failed',
    meaning: 'The effect is not there, because another change has replaced it.',
  },
  CAPTURE_FAILED: {
    kind: 'failed',
    meaning:
      'An answer lacks a value that a later request or the undo needs, or the value does not match its pattern.',
  },
  NOT_VERIFIED: {
    kind: 'unverified',
    meaning: 'The effect was not seen before the deadline; it may still come.',
  },
  CONDITION_INVALID: {
    kind: 'usage',
    meaning: 'The condition of `--until` is malformed, or names an unknown observation or field.',
  },
  CONDITION_NOT_MET: {
    kind: 'unverified',
    meaning: 'The effect is proven, but the condition of `--until` was not seen to hold.',
  },
  EFFECT_CANCELLED: {
    kind: 'failed',
    meaning:
      'The run was cancelled after something was sent; the message describes the state of the system.',
  },
} as const;
