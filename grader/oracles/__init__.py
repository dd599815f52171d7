"""Where expected values come from. Used while an answer key is built, never while grading."""
